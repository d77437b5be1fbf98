import type { Cloud } from '../cloud.ts';
import type { Parameters } from './parameters.ts';
import type { XmlObject } from './xml.ts';

/** One call of the API, parsed and checked for form. */
export interface Call {
  readonly cloud: Cloud;
  readonly region: string;
  readonly action: string;
  readonly parameters: Parameters;
}

/** What an action of the query protocol is: the parameters it knows and what it does. */
export interface Action {
  /** Names with `N` for a list position: `InstanceId.N`, `Filter.N.Value.N`. Any other is UnknownParameter. */
  readonly parameters: readonly string[];
  /** The answer's content, in the order in which AWS documents it. */
  readonly handle: (call: Call) => XmlObject | Promise<XmlObject>;
}

/** Actions by name; a family of resources exports one of these. */
export type Actions = Readonly<Record<string, Action>>;

/** Parameters of every action that lists with filters, page by page. */
export const listing = ['Filter.N.Name', 'Filter.N.Value.N', 'MaxResults', 'NextToken', 'DryRun'] as const;

/** Parameters of `TagSpecification`. */
export const tagging = [
  'TagSpecification.N.ResourceType',
  'TagSpecification.N.Tag.N.Key',
  'TagSpecification.N.Tag.N.Value',
] as const;
