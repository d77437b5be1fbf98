/** Which EC2-compatible API to talk to. */
export interface CloudTarget {
  /** `aws`, or `local` for the rehearsal cloud; also names the state folder, so the two never mix. */
  readonly name: 'aws' | 'local';
  /** URL of the API for every service; undefined: AWS's own, by region. */
  readonly endpoint?: string;
  /** Undefined: the SDK's own chain (environment, profiles, SSO, instance role). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}
