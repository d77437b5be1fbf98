/** What `.spot/config.yaml`, the environment and the flags say, merged, with every default filled in. */
export interface Settings {
  /** The deployment's name; undefined leaves it to the folder's name. */
  readonly name: string | undefined;
  readonly cloud: 'aws' | 'local';
  readonly totalInstances: number;
  /** Login user that is made on every machine, with our key and password-less sudo. */
  readonly username: string;
  readonly storageGb: number;
  /** Highest price in USD an hour for one machine; undefined means the on-demand price. */
  readonly spotPriceLimit: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** At least one. */
  readonly regions: readonly RegionSettings[];
  readonly ports: readonly number[];
  readonly ssh: {
    /** CIDR blocks that may reach port 22, or `auto` for the caller's own address. */
    readonly allow: 'auto' | readonly string[];
    /** Private key file of the user's own, absolute; undefined: a key pair is made for the deployment. */
    readonly privateKeyPath: string | undefined;
    /** The public half of that key, absolute; undefined: it is taken from the private key. */
    readonly publicKeyPath: string | undefined;
  };
  /** Seconds after which a machine ends itself; undefined: never. */
  readonly ttlSeconds: number | undefined;
  /** Longest a script may run, in seconds. */
  readonly timeoutSeconds: number;
  readonly reboot: boolean;
  readonly packages: readonly string[];
  /** Patterns of files to leave out, gitignore style, relative to the project. */
  readonly exclude: readonly string[];
}

export interface RegionSettings {
  readonly region: string;
  readonly machineType: string;
  /** `auto` or an image id. */
  readonly image: string;
  /** How many of the total go here; undefined: an even share. */
  readonly instances: number | undefined;
  readonly storageGb: number | undefined;
  readonly spotPriceLimit: number | undefined;
  /** On top of the tags of all. */
  readonly tags: Readonly<Record<string, string>>;
}
