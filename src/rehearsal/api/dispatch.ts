import { randomUUID } from 'node:crypto';
import { publicParameterActions } from '../actions/public-parameters.ts';
import type { Cloud } from '../cloud.ts';
import type { Actions } from './action.ts';
import { ApiError, apiErrorFrom } from './api-error.ts';
import { Parameters, refuseUnknown } from './parameters.ts';
import { ec2Actions, stsActions } from './registry.ts';
import {
  type ApiRequest,
  type ApiResponse,
  type CredentialScope,
  readFields,
  readScope,
  requireKey,
} from './request.ts';
import { renderEc2Error, renderStsError, renderXml, type XmlObject } from './xml.ts';

const ec2Namespace = 'http://ec2.amazonaws.com/doc/2016-11-15/';
const stsNamespace = 'https://sts.amazonaws.com/doc/2011-06-15/';

/**
 * Answers one request, if it is signed with the key. Never rejects: whatever goes wrong becomes an answer.
 * @param key the access key id that is let in
 */
export async function dispatch(cloud: Cloud, request: ApiRequest, key: string): Promise<ApiResponse> {
  const requestId = randomUUID();
  const scope = attempt(() => readScope(request.headers));
  if (scope instanceof ApiError)
    return xmlAnswer(scope.status, renderEc2Error(scope.code, scope.message, requestId));
  switch (scope.service) {
    case 'ssm':
      return answerJson(request, scope, key, requestId);
    case 'sts':
      return answerQuery(cloud, request, scope, key, stsActions, {
        version: '2011-06-15',
        success: (action, content) =>
          renderXml(`${action}Response`, stsNamespace, {
            [`${action}Result`]: content,
            ResponseMetadata: { RequestId: requestId },
          }),
        failure: (error) => renderStsError(error.code, error.message, requestId),
      });
    default:
      return answerQuery(cloud, request, scope, key, ec2Actions, {
        version: '2016-11-15',
        success: (action, content) => renderXml(`${action}Response`, ec2Namespace, { requestId, ...content }),
        failure: (error) => renderEc2Error(error.code, error.message, requestId),
      });
  }
}

/** How the query protocol differs from service to service. */
interface Dialect {
  readonly version: string;
  readonly success: (action: string, content: XmlObject) => string;
  readonly failure: (error: ApiError) => string;
}

async function answerQuery(
  cloud: Cloud,
  request: ApiRequest,
  scope: CredentialScope,
  key: string,
  actions: Actions,
  dialect: Dialect,
): Promise<ApiResponse> {
  try {
    requireKey(scope, key);
    const { region } = scope;
    const fields = [...readFields(request)];
    const name = fields.find(([field]) => field === 'Action')?.[1];
    if (name === undefined)
      throw new ApiError('MissingAction', 'The request must contain the parameter Action');
    const version = fields.find(([field]) => field === 'Version')?.[1];
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (action === undefined || version !== dialect.version) {
      throw new ApiError('InvalidAction', `The action ${name} is not valid for this web service.`);
    }
    const parameters = Parameters.parse(
      fields.filter(([field]) => field !== 'Action' && field !== 'Version'),
    );
    refuseUnknown(parameters, action.parameters);
    if (parameters.flag('DryRun') === true) {
      throw new ApiError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
    }
    const content = await action.handle({ cloud, region, action: name, parameters });
    return xmlAnswer(200, dialect.success(name, content));
  } catch (thrown) {
    const error = apiErrorFrom(thrown);
    return xmlAnswer(error.status, dialect.failure(error), error);
  }
}

/** AWS JSON 1.1: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
function answerJson(
  request: ApiRequest,
  scope: CredentialScope,
  key: string,
  requestId: string,
): ApiResponse {
  const answer = (status: number, content: unknown) => ({
    status,
    contentType: 'application/x-amz-json-1.1',
    headers: { 'x-amzn-requestid': requestId },
    body: JSON.stringify(content),
  });
  const result = attempt(() => {
    requireKey(scope, key);
    const [service, name = ''] = (request.headers['x-amz-target'] ?? '').split('.');
    const action =
      service === 'AmazonSSM' && Object.hasOwn(publicParameterActions, name)
        ? publicParameterActions[name]
        : undefined;
    if (action === undefined) throw new ApiError('UnknownOperationException', '');
    return action(scope.region, readJson(request.body));
  });
  return result instanceof ApiError
    ? answer(result.status, { __type: result.code, message: result.message })
    : answer(200, result);
}

function readJson(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Falls through to the answer that AWS gives for anything that is not an object.
  }
  throw new ApiError('SerializationException', '');
}

function xmlAnswer(status: number, body: string, error?: ApiError): ApiResponse {
  const headers = error?.spotCode === undefined ? {} : { 'x-rehearsal-error': error.spotCode };
  return { status, contentType: 'text/xml;charset=UTF-8', headers, body };
}

function attempt<Result>(work: () => Result): Result | ApiError {
  try {
    return work();
  } catch (thrown) {
    return apiErrorFrom(thrown);
  }
}
