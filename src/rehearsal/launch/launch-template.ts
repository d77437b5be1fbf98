import { ApiError } from '../api/api-error.ts';
import { Parameters } from '../api/parameters.ts';
import type { CloudState, LaunchTemplate } from '../store/cloud-state.ts';

/** The template that `LaunchTemplate` or `LaunchTemplateSpecification` names, and its data. */
export function findTemplateData(state: CloudState, region: string, reference: Parameters): Parameters {
  if (reference.isEmpty) return new Parameters({});
  const template = findTemplate(
    state,
    region,
    reference.text('LaunchTemplateId'),
    reference.text('LaunchTemplateName'),
  );
  const version = reference.text('Version') ?? '$Default';
  const index =
    version === '$Latest' ? template.versions.length : version === '$Default' ? 1 : Number(version);
  const data = template.versions[index - 1];
  if (data === undefined) {
    throw new ApiError(
      'InvalidLaunchTemplateId.VersionNotFound',
      `Could not find launch template version ${version} for the launch template ${template.id}`,
    );
  }
  return Parameters.parse(data);
}

/** The template of an id or a name. Errors: those of AWS for one that is not there or not named properly. */
export function findTemplate(
  state: CloudState,
  region: string,
  id: string | undefined,
  name: string | undefined,
): LaunchTemplate {
  if (id !== undefined && name !== undefined) {
    throw new ApiError(
      'InvalidParameterCombination',
      'Specify either the launch template ID or the name, not both.',
    );
  }
  const templates = Object.values(state.launchTemplates).filter((template) => template.region === region);
  if (id !== undefined) {
    if (!/^lt-[0-9a-f]{8,17}$/.test(id)) {
      throw new ApiError('InvalidLaunchTemplateId.Malformed', `Invalid id: "${id}" (expecting "lt-...")`);
    }
    const found = templates.find((template) => template.id === id);
    if (found !== undefined) return found;
    throw new ApiError(
      'InvalidLaunchTemplateId.NotFound',
      `The specified launch template, with template ID ${id}, does not exist.`,
    );
  }
  if (name === undefined) {
    throw new ApiError(
      'MissingParameter',
      'The request must contain the parameter LaunchTemplateId or LaunchTemplateName',
    );
  }
  const found = templates.find((template) => template.name === name);
  if (found !== undefined) return found;
  throw new ApiError(
    'InvalidLaunchTemplateName.NotFoundException',
    `The specified launch template, with template name ${name}, does not exist.`,
  );
}
