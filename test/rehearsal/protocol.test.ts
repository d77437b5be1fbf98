import { GetParameterCommand, GetParametersCommand } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { expectRefusal, paperCloud, region } from './open-cloud.ts';

const cloud = paperCloud();
const signature = 'a'.repeat(64);

function post(body: string, scope = scopeOf('ec2'), headers: Record<string, string> = {}) {
  return fetch(cloud.endpoint(), {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${signature}`,
      ...headers,
    },
  });
}

/** What a signature with the cloud's own key says, unless a foreign one is named. */
function scopeOf(service: string, key = cloud.credentials().accessKeyId): string {
  return `${key}/20260101/${region}/${service}/aws4_request`;
}

async function codeOf(response: Response): Promise<[number, string | undefined]> {
  return [response.status, /<Code>(.*?)<\/Code>/.exec(await response.text())?.[1]];
}

describe('a request', () => {
  test('without a signature is refused', async () => {
    const response = await fetch(cloud.endpoint(), { method: 'POST', body: 'Action=DescribeRegions' });
    expect(await codeOf(response)).toEqual([403, 'MissingAuthenticationToken']);
  });

  test('with half a signature is refused', async () => {
    const response = await post('', undefined, {
      authorization: 'AWS4-HMAC-SHA256 Credential=AKID/20260101',
    });
    expect(await codeOf(response)).toEqual([401, 'AuthFailure']);
  });

  test.each([
    ['ec2', [401, 'AuthFailure']],
    ['sts', [403, 'InvalidClientTokenId']],
  ])('of another user of this computer is refused by %s', async (service, refusal) => {
    const body =
      service === 'ec2'
        ? 'Action=DescribeRegions&Version=2016-11-15'
        : 'Action=GetCallerIdentity&Version=2011-06-15';
    expect(await codeOf(await post(body, scopeOf(service, 'rehearsal')))).toEqual(refusal);
    expect((await post(body, scopeOf(service))).status).toBe(200);
  });

  test('of another user of this computer is refused by ssm', async () => {
    const ssm = cloud.ssm({ credentials: { accessKeyId: 'rehearsal', secretAccessKey: 'rehearsal' } });
    await expectRefusal(ssm.send(new GetParameterCommand({ Name: '/a' })), 'UnrecognizedClientException');
  });

  test('for a region that does not exist is refused', async () => {
    const response = await post('Action=DescribeRegions', 'AKID/20260101/mars-north-1/ec2/aws4_request');
    expect(await codeOf(response)).toEqual([401, 'AuthFailure']);
  });

  test('that a page of a foreign host name sent is refused', async () => {
    const { port } = new URL(cloud.endpoint());
    const { request } = await import('node:http');
    const status = await new Promise((resolve) => {
      request({ port, host: '127.0.0.1', headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(status).toBe(403);
  });

  test('can come in the URL', async () => {
    const response = await fetch(
      `${cloud.endpoint()}/?Action=DescribeRegions&Version=2016-11-15&RegionName.1=us-west-2`,
      {
        headers: {
          authorization: `AWS4-HMAC-SHA256 Credential=${scopeOf('ec2')}, SignedHeaders=host, Signature=${signature}`,
        },
      },
    );
    const xml = await response.text();
    expect(xml).toContain('<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">');
    expect(xml).toMatch(/<requestId>[0-9a-f-]{36}<\/requestId>/);
    expect(xml).toContain('<regionInfo><item><regionName>us-west-2</regionName>');
  });

  test.each([
    ['no action', 'Version=2016-11-15', 'MissingAction'],
    ['an unknown action', 'Action=DescribeNothing&Version=2016-11-15', 'InvalidAction'],
    ['a name of Object', 'Action=constructor&Version=2016-11-15', 'InvalidAction'],
    ['another version', 'Action=DescribeRegions&Version=2006-01-01', 'InvalidAction'],
    ['an unknown parameter', 'Action=DescribeRegions&Version=2016-11-15&Colour=red', 'UnknownParameter'],
    [
      'a list where there is none',
      'Action=DescribeRegions&Version=2016-11-15&DryRun.1=true',
      'UnknownParameter',
    ],
    [
      'a name that is also a structure',
      'Action=DescribeRegions&Version=2016-11-15&Filter=1&Filter.1.Name=x',
      'InvalidParameterCombination',
    ],
    ['a missing parameter', 'Action=CreateSecurityGroup&Version=2016-11-15', 'MissingParameter'],
    [
      'a number that is none',
      'Action=DescribeInstances&Version=2016-11-15&MaxResults=many',
      'InvalidParameterValue',
    ],
    [
      'a flag that is none',
      'Action=DescribeInstances&Version=2016-11-15&DryRun=perhaps',
      'InvalidParameterValue',
    ],
  ])('with %s is refused', async (_, body, code) => {
    expect(await codeOf(await post(body))).toEqual([400, code]);
  });

  test('that is a dry run changes nothing and says so with 412', async () => {
    const body = 'Action=CreateSecurityGroup&Version=2016-11-15&GroupName=dry&GroupDescription=d&DryRun=true';
    expect(await codeOf(await post(body))).toEqual([412, 'DryRunOperation']);
    expect(await codeOf(await post('Action=DeleteSecurityGroup&Version=2016-11-15&GroupName=dry'))).toEqual([
      400,
      'InvalidGroup.NotFound',
    ]);
  });

  test('that is too long is refused', async () => {
    const response = await post(`Action=${'x'.repeat(1_100_000)}`).catch(() => undefined);
    expect(response === undefined || response.status === 413).toBe(true);
  });
});

describe('STS', () => {
  test('says who asks', async () => {
    const identity = await cloud.sts().send(new GetCallerIdentityCommand({}));
    expect(identity.Account).toBe('123456789012');
    expect(identity.Arn).toBe('arn:aws:iam::123456789012:root');
  });

  test('has its own form of errors', async () => {
    const response = await post('Action=AssumeRole&Version=2011-06-15', scopeOf('sts'));
    expect(await response.text()).toMatch(
      /<ErrorResponse xmlns="https:\/\/sts.amazonaws.com\/doc\/2011-06-15\/"><Error><Type>Sender<\/Type><Code>InvalidAction/,
    );
  });
});

describe('public parameters', () => {
  const known = '/aws/service/debian/release/12/latest/arm64';

  test('name an image', async () => {
    const { Parameter: parameter } = await cloud.ssm().send(new GetParameterCommand({ Name: known }));
    expect(parameter?.Value).toMatch(/^ami-[0-9a-f]{17}$/);
  });

  test('that do not exist are told apart', async () => {
    const answer = await cloud.ssm().send(new GetParametersCommand({ Names: [known, '/aws/service/none'] }));
    expect(answer.Parameters?.map((parameter) => parameter.Name)).toEqual([known]);
    expect(answer.InvalidParameters).toEqual(['/aws/service/none']);
    await expectRefusal(
      cloud.ssm().send(new GetParameterCommand({ Name: '/aws/service/none' })),
      'ParameterNotFound',
    );
  });

  test('are all there is in SSM', async () => {
    const scope = scopeOf('ssm');
    const unknown = await post('{}', scope, { 'x-amz-target': 'AmazonSSM.PutParameter' });
    expect([unknown.status, await unknown.json()]).toMatchObject([
      400,
      { __type: 'UnknownOperationException' },
    ]);
    const broken = await post('{', scope, { 'x-amz-target': 'AmazonSSM.GetParameter' });
    expect([broken.status, await broken.json()]).toMatchObject([400, { __type: 'SerializationException' }]);
  });
});
