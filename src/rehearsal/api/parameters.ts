import { ApiError } from './api-error.ts';

type Tree = { [name: string]: Tree | string };

/**
 * The parameters of one request as a tree: `Filter.1.Value.2=x` is the second value of the first filter. Numbers
 * in a name are positions in a list, in order but not necessarily without gaps.
 */
export class Parameters {
  readonly #tree: Tree;
  readonly #path: string;

  constructor(tree: Tree, path = '') {
    this.#tree = tree;
    this.#path = path;
  }

  /** Parses the form fields that are not part of the protocol itself (Action, Version). */
  static parse(fields: Iterable<readonly [string, string]>): Parameters {
    const root = emptyTree();
    for (const [name, value] of fields) {
      const parts = name.split('.');
      const last = parts.pop() ?? name;
      let node = root;
      for (const part of parts) {
        const next = node[part] ?? emptyTree();
        if (typeof next === 'string')
          throw new ApiError('InvalidParameterCombination', `The parameter ${name} clashes.`);
        node[part] = next;
        node = next;
      }
      node[last] = value;
    }
    return new Parameters(root);
  }

  get isEmpty(): boolean {
    return Object.keys(this.#tree).length === 0;
  }

  text(name: string): string | undefined {
    const value = this.#tree[name];
    return typeof value === 'string' ? value : undefined;
  }

  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === '') throw missing(this.#name(name));
    return value;
  }

  /** An integer between `least` and `most`. */
  integer(name: string, least: number, most: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < least || value > most) {
      throw new ApiError(
        'InvalidParameterValue',
        `Value ( ${text} ) for parameter ${this.#name(name)} is invalid. Expecting a number between ${least} and ${most}.`,
      );
    }
    return value;
  }

  requiredInteger(name: string, least: number, most: number): number {
    const value = this.integer(name, least, most);
    if (value === undefined) throw missing(this.#name(name));
    return value;
  }

  flag(name: string): boolean | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (text !== 'true' && text !== 'false') {
      throw new ApiError(
        'InvalidParameterValue',
        `Value ( ${text} ) for parameter ${this.#name(name)} is invalid. Expecting true or false.`,
      );
    }
    return text === 'true';
  }

  /** One of the values that AWS documents for the parameter. */
  choice<Value extends string>(name: string, values: readonly Value[]): Value | undefined {
    const text = this.text(name);
    const found = values.find((value) => value === text);
    if (text !== undefined && found === undefined) {
      throw new ApiError(
        'InvalidParameterValue',
        `Value ( ${text} ) for parameter ${this.#name(name)} is invalid.`,
      );
    }
    return found;
  }

  texts(name: string): readonly string[] {
    return this.#members(name).flatMap(([, value]) => (typeof value === 'string' ? [value] : []));
  }

  /** The structure below a name; an empty one when it was not sent. */
  group(name: string): Parameters {
    const value = this.#tree[name];
    return new Parameters(typeof value === 'object' ? value : {}, this.#name(name));
  }

  groups(name: string): readonly Parameters[] {
    return this.#members(name).flatMap(([position, value]) =>
      typeof value === 'string' ? [] : [new Parameters(value, `${this.#name(name)}.${position}`)],
    );
  }

  /** These parameters, and those of `below` whose first name part is not among them. */
  over(below: Parameters): Parameters {
    return new Parameters({ ...below.#tree, ...this.#tree }, this.#path);
  }

  /** Every parameter sent with its value, sorted by name: what two requests are compared by. */
  entries(): readonly (readonly [string, string])[] {
    const walk = (tree: Tree, prefix: string): [string, string][] =>
      Object.entries(tree).flatMap(([name, value]) =>
        typeof value === 'string'
          ? [[prefix + name, value] as [string, string]]
          : walk(value, `${prefix}${name}.`),
      );
    return walk(this.#tree, '').sort(([one], [other]) => (one < other ? -1 : 1));
  }

  #members(name: string): readonly (readonly [string, Tree | string])[] {
    const value = this.#tree[name];
    if (typeof value !== 'object') return [];
    return Object.entries(value).sort(([one], [other]) => Number(one) - Number(other));
  }

  #name(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }
}

/** Without a prototype: names come from outside, and `__proto__` is one like any other. */
function emptyTree(): Tree {
  return Object.create(null) as Tree;
}

function missing(name: string): ApiError {
  return new ApiError('MissingParameter', `The request must contain the parameter ${name}`);
}

/**
 * Refuses what an action does not know. Patterns have `N` for a position: `Filter.N.Value.N`; one that ends in
 * `.*` accepts everything below it.
 */
export function refuseUnknown(parameters: Parameters, patterns: readonly string[]): void {
  const exact = new Set(patterns);
  const prefixes = patterns
    .filter((pattern) => pattern.endsWith('.*'))
    .map((pattern) => pattern.slice(0, -1));
  for (const [name] of parameters.entries()) {
    const general = name.replaceAll(/(?<=\.)\d+(?=\.|$)/g, 'N');
    if (exact.has(general) || prefixes.some((prefix) => general.startsWith(prefix))) continue;
    throw new ApiError('UnknownParameter', `The parameter ${name} is not recognized`);
  }
}
