import { type Actions, type Call, listing, tagging } from '../api/action.ts';
import { ApiError } from '../api/api-error.ts';
import { filtered } from '../api/filters.ts';
import { page } from '../api/pages.ts';
import { Parameters, refuseUnknown } from '../api/parameters.ts';
import { tagSet, tagsFor } from '../api/tag-specifications.ts';
import type { XmlObject } from '../api/xml.ts';
import { launchParameters, readLaunchRequest } from '../launch/launch-request.ts';
import { findTemplate } from '../launch/launch-template.ts';
import { type CloudState, emptyState, type LaunchTemplate } from '../store/cloud-state.ts';
import { freshId } from '../world/identifiers.ts';
import { accountId } from '../world/network.ts';
import { templateDataXml } from './template-data-xml.ts';

/**
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeLaunchTemplates.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeLaunchTemplateVersions.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteLaunchTemplate.html
 */
export const launchTemplateActions: Actions = {
  CreateLaunchTemplate: {
    parameters: [
      'LaunchTemplateName',
      'VersionDescription',
      'ClientToken',
      'DryRun',
      'LaunchTemplateData.*',
      ...tagging,
    ],
    handle: createTemplate,
  },
  DescribeLaunchTemplates: {
    parameters: ['LaunchTemplateId.N', 'LaunchTemplateName.N', ...listing],
    handle: describeTemplates,
  },
  DescribeLaunchTemplateVersions: {
    parameters: [
      'LaunchTemplateId',
      'LaunchTemplateName',
      'LaunchTemplateVersion.N',
      'MaxResults',
      'NextToken',
      'DryRun',
    ],
    handle: describeVersions,
  },
  DeleteLaunchTemplate: {
    parameters: ['LaunchTemplateId', 'LaunchTemplateName', 'DryRun'],
    handle: ({ cloud, region, parameters }) =>
      cloud.store.update((state) => {
        const id = parameters.text('LaunchTemplateId');
        const template = findTemplate(state, region, id, parameters.text('LaunchTemplateName'));
        const answer = { launchTemplate: templateXml(state, template) };
        delete state.launchTemplates[template.id];
        delete state.tags[template.id];
        return answer;
      }),
  },
};

function createTemplate({ cloud, region, parameters }: Call): Promise<XmlObject> {
  const name = parameters.requiredText('LaunchTemplateName');
  if (!/^[a-zA-Z0-9()./_-]{3,128}$/.test(name)) {
    throw new ApiError(
      'InvalidLaunchTemplateName.MalformedException',
      'Launch template names must be between 3 and 128 characters, and may contain letters, numbers, and the following characters: - ( ) . / _',
    );
  }
  const data = parameters.group('LaunchTemplateData');
  if (data.isEmpty)
    throw new ApiError('MissingParameter', 'The request must contain the parameter LaunchTemplateData');
  const sent = Parameters.parse(data.entries());
  refuseUnknown(sent, launchParameters);
  readLaunchRequest(new Parameters({}), sent);
  const tags = tagsFor(parameters, 'launch-template', ['launch-template']);
  return cloud.store.update((state) => {
    const templates = Object.values(state.launchTemplates).filter((template) => template.region === region);
    if (templates.some((template) => template.name === name)) {
      throw new ApiError(
        'InvalidLaunchTemplateName.AlreadyExistsException',
        'Launch template name already in use.',
      );
    }
    const id = freshId('lt');
    const template = { id, region, name, createdAt: cloud.now().toISOString(), versions: [sent.entries()] };
    state.launchTemplates[id] = template;
    if (Object.keys(tags).length > 0) state.tags[id] = { ...tags };
    return { launchTemplate: templateXml(state, template) };
  });
}

async function describeTemplates({ cloud, region, parameters }: Call): Promise<XmlObject> {
  const state = (await cloud.store.read()) ?? emptyState();
  const ids = parameters.texts('LaunchTemplateId');
  const names = parameters.texts('LaunchTemplateName');
  for (const id of ids) findTemplate(state, region, id, undefined);
  for (const name of names) findTemplate(state, region, undefined, name);
  const chosen = Object.values(state.launchTemplates).filter(
    (template) =>
      template.region === region &&
      (ids.length === 0 || ids.includes(template.id)) &&
      (names.length === 0 || names.includes(template.name)),
  );
  const shown = filtered(
    parameters,
    chosen,
    {
      'create-time': (template) => [template.createdAt],
      'launch-template-name': (template) => [template.name],
    },
    (template) => state.tags[template.id] ?? {},
  );
  const { things, nextToken } = page(parameters, shown, (template) => template.id, { least: 1, most: 200 });
  return { launchTemplates: things.map((template) => templateXml(state, template)), nextToken };
}

async function describeVersions({ cloud, region, parameters }: Call): Promise<XmlObject> {
  const state = (await cloud.store.read()) ?? emptyState();
  const id = parameters.text('LaunchTemplateId');
  const template = findTemplate(state, region, id, parameters.text('LaunchTemplateName'));
  const latest = template.versions.length;
  const asked = parameters.texts('LaunchTemplateVersion').map((version) => {
    if (version === '$Latest') return latest;
    return version === '$Default' ? 1 : Number(version);
  });
  const missing = asked.find((version) => template.versions[version - 1] === undefined);
  if (missing !== undefined) {
    throw new ApiError(
      'InvalidLaunchTemplateId.VersionNotFound',
      `Could not find launch template version ${missing}`,
    );
  }
  const versions = template.versions
    .map((data, index) => ({ number: index + 1, data }))
    .filter(({ number }) => asked.length === 0 || asked.includes(number));
  const { things, nextToken } = page(parameters, versions, ({ number }) => String(number).padStart(6, '0'), {
    least: 1,
    most: 200,
  });
  return {
    launchTemplateVersionSet: things.map(({ number, data }) => ({
      launchTemplateId: template.id,
      launchTemplateName: template.name,
      versionNumber: number,
      createTime: template.createdAt,
      createdBy: `arn:aws:iam::${accountId}:root`,
      defaultVersion: number === 1,
      launchTemplateData: templateDataXml(Parameters.parse(data)),
    })),
    nextToken,
  };
}

function templateXml(state: CloudState, template: LaunchTemplate): XmlObject {
  return {
    launchTemplateId: template.id,
    launchTemplateName: template.name,
    createTime: template.createdAt,
    createdBy: `arn:aws:iam::${accountId}:root`,
    defaultVersionNumber: 1,
    latestVersionNumber: template.versions.length,
    tagSet: tagSet(state.tags[template.id]),
  };
}
