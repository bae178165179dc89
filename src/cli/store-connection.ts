import type { Redis } from 'ioredis';
import { connectValkey } from '#adapters/valkey/connect.ts';
import { StoreError } from '#adapters/valkey/store-error.ts';
import { settingOf } from '#domain/configuration/configuration-value.ts';
import { configurationFrom } from '#runtime/desk-setup.ts';

/** The connection to the store that the environment names, made when it is first needed. */
export class StoreConnection {
  readonly #environment: Readonly<Record<string, string | undefined>>;
  #client: Redis | undefined;

  constructor(environment: Readonly<Record<string, string | undefined>>) {
    this.#environment = environment;
  }

  /** Throws a `StoreError` where no address is set or no store answers there, and a `RunError` where the environment is malformed. */
  async open(): Promise<Redis> {
    const address = settingOf(configurationFrom(this.#environment), 'VALKEY_URL');
    if (typeof address !== 'string') {
      throw new StoreError(
        'unreachable',
        "no store is known: 'VALKEY_URL' is expected to be set, as redis://localhost:6379/0",
      );
    }
    this.#client ??= await connectValkey(address);
    return this.#client;
  }

  close(): void {
    this.#client?.disconnect();
    this.#client = undefined;
  }
}
