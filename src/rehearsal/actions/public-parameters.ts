import { ApiError } from '../api/api-error.ts';
import { imagesOf } from '../world/images.ts';

const mostNames = 10;

/** An action of Systems Manager, which speaks JSON. */
export type JsonAction = (
  region: string,
  input: Readonly<Record<string, unknown>>,
) => Record<string, unknown>;

/**
 * The public parameters that name images.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
 */
export const publicParameterActions: Readonly<Record<string, JsonAction>> = {
  GetParameter: (region, { Name: name }) => {
    if (typeof name !== 'string')
      throw new ApiError(
        'ValidationException',
        "Value at 'name' failed to satisfy constraint: Member must not be null",
      );
    const parameter = find(region, name);
    if (parameter === undefined) throw new ApiError('ParameterNotFound', '');
    return { Parameter: parameter };
  },
  GetParameters: (region, { Names: names }) => {
    if (!Array.isArray(names) || names.length === 0 || names.length > mostNames) {
      throw new ApiError(
        'ValidationException',
        `Value at 'names' failed to satisfy constraint: Member must have length between 1 and ${mostNames}`,
      );
    }
    const found = names.map((name) => ({ name: String(name), parameter: find(region, String(name)) }));
    return {
      Parameters: found.flatMap(({ parameter }) => parameter ?? []),
      InvalidParameters: found.filter(({ parameter }) => parameter === undefined).map(({ name }) => name),
    };
  },
};

function find(region: string, name: string): Record<string, unknown> | undefined {
  const image = imagesOf(region).find((each) => each.parameters.includes(name));
  if (image === undefined) return undefined;
  return {
    ARN: `arn:aws:ssm:${region}::parameter${name}`,
    DataType: 'aws:ec2:image',
    LastModifiedDate: Date.parse(image.createdAt) / 1000,
    Name: name,
    Type: 'String',
    Value: image.id,
    Version: 1,
  };
}
