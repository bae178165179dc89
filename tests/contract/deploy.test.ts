import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { findVariable, variableNamed } from '#domain/configuration/configuration.ts';
import { readConfiguration } from '#domain/configuration/read-configuration.ts';

const root = join(import.meta.dirname, '../..');
const deploy = join(root, 'deploy');
const text = (name: string): string => readFileSync(join(deploy, name), 'utf8');

const dependency = z.strictObject({ condition: z.enum(['service_healthy', 'service_started']) });
const serviceSchema = z.strictObject({
  image: z.string().optional(),
  build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
  command: z.array(z.string()).optional(),
  restart: z.literal('unless-stopped'),
  init: z.boolean().optional(),
  read_only: z.boolean().optional(),
  tmpfs: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  cap_drop: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  networks: z.array(z.string()),
  ports: z.array(z.string()).optional(),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  stop_grace_period: z.string().optional(),
  depends_on: z.union([z.array(z.string()), z.record(z.string(), dependency)]).optional(),
});
type Service = z.infer<typeof serviceSchema>;

const composeText = text('compose.yaml');
const compose = z
  .object({
    services: z.record(z.string(), serviceSchema),
    networks: z.record(z.string(), z.object({ internal: z.boolean().optional() })),
    volumes: z.record(z.string(), z.object({})),
  })
  .parse(parse(composeText, { merge: true }));

const roles = (variableNamed('TRADEWIND_ROLE').choices ?? []).filter((role) => role !== 'all');
const stores = ['valkey', 'postgres'];

function serviceOf(name: string): Service {
  const service = compose.services[name];
  assert.ok(service !== undefined, `there is no service '${name}'`);
  return service;
}

/** A value as it is once whoever deploys has filled in every variable. */
function filled(value: string): string {
  return value.replaceAll(/\$\{(\w+)(?::\?[^}]*)?\}/g, 'Sample0Secret1');
}

test('the parts of a split desk are there, and nothing else', () => {
  assert.deepEqual(Object.keys(compose.services).sort(), [
    ...['api', 'engine', 'grafana', 'mirror', 'postgres', 'prometheus', 'valkey', 'worker'],
  ]);
  assert.deepEqual(roles.sort(), ['api', 'engine', 'mirror', 'worker']);
});

test('each role is played by the service of its name, all from one image', () => {
  for (const role of roles) {
    const { environment, build, image, command } = serviceOf(role);
    assert.equal(environment?.['TRADEWIND_ROLE'], role);
    assert.deepEqual(build, { context: '..', dockerfile: 'deploy/Dockerfile' });
    assert.equal(image, undefined);
    assert.deepEqual(command, ['run']);
  }
  assert.ok(existsSync(join(root, 'deploy/Dockerfile')));
});

test('every variable of a role is in the configuration table, and its value is accepted', () => {
  for (const role of roles) {
    const environment = serviceOf(role).environment ?? {};
    for (const name of Object.keys(environment)) {
      const variable = findVariable(name);
      assert.ok(variable !== undefined, `'${role}' sets '${name}', which the configuration table does not know`);
      assert.equal(variable.name, name, `'${role}' uses an older spelling`);
      assert.ok(variable.readAt !== 'planned' && variable.kind !== 'legacy', `'${name}' is not read`);
    }
    const values = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filled(value)]));
    assert.deepEqual(readConfiguration(values).problems, [], role);
  }
});

test('a role that is misspelt, and a variable of the house that does not exist, would be found', () => {
  const environment = serviceOf('engine').environment ?? {};
  const values = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filled(value)]));
  assert.equal(readConfiguration({ ...values, TRADEWIND_ROLE: 'motor' }).problems.length, 1);
  assert.equal(readConfiguration({ ...values, TRADEWIND_ENGIN_PORT: '1' }).problems.length, 1);
});

test('every role finds the stores and the engine by the names of their services', () => {
  const enginePort = serviceOf('engine').environment?.['TRADEWIND_ENGINE_PORT'];
  for (const role of roles) {
    const environment = serviceOf(role).environment ?? {};
    const hosts = ['VALKEY_URL', 'DATABASE_URL', 'TRADEWIND_ENGINE_URL'].map(
      (name) => new URL(filled(environment[name] ?? '')).host,
    );
    assert.deepEqual(hosts, ['valkey:6379', 'postgres:5432', `engine:${enginePort}`], role);
  }
  const { environment: database } = serviceOf('postgres');
  const url = new URL(filled(serviceOf('engine').environment?.['DATABASE_URL'] ?? ''));
  assert.equal(url.username, database?.['POSTGRES_USER']);
  assert.equal(url.pathname, `/${database?.['POSTGRES_DB']}`);
});

test('every variable that must be given says what was expected, and none has a default', () => {
  const given = [...composeText.matchAll(/(?<!\$)\$\{([^}]*)\}/g)].map(([, inner = '']) => inner);
  assert.ok(given.length >= 6);
  for (const inner of given) assert.match(inner, /^[A-Z_]+:\?expected .+/);
});

test('no password and no token stands in the file', () => {
  const secret = /PASSWORD|TOKEN|SECRET|KEY$/;
  for (const [name, { environment = {}, command = [] }] of Object.entries(compose.services)) {
    for (const [variable, value] of Object.entries(environment)) {
      const isSecret = secret.test(variable) || findVariable(variable)?.kind === 'secret';
      if (!isSecret) continue;
      const bare = value.replaceAll(/\$\{[^}]*\}/g, '');
      const left = URL.canParse(filled(value)) ? new URL(filled(value)).password.replace('Sample0Secret1', '') : bare;
      assert.equal(left, '', `${name}: '${variable}'`);
      assert.match(value, /\$\{/, `${name}: '${variable}'`);
    }
    const place = command.findIndex((word) => /pass/.test(word));
    if (place >= 0) assert.match(command[place + 1] ?? '', /^\$\{\w+:\?.+\}$/, name);
  }
});

test('nothing is published beyond this machine', () => {
  const ports = Object.values(compose.services).flatMap(({ ports: published = [] }) => published);
  assert.deepEqual(ports.sort(), ['127.0.0.1:3000:3000', '127.0.0.1:8000:8000', '127.0.0.1:9090:9090']);
});

test('stores, engine, mirror and worker are on the inner network alone, which leads nowhere', () => {
  assert.equal(compose.networks['inner']?.internal, true);
  for (const name of [...stores, 'engine', 'mirror', 'worker']) {
    const { networks, ports } = serviceOf(name);
    assert.deepEqual(networks, ['inner'], name);
    assert.equal(ports, undefined, name);
  }
  for (const { networks } of Object.values(compose.services)) {
    for (const network of networks) assert.ok(Object.hasOwn(compose.networks, network), network);
  }
});

test('images are pinned to one version', () => {
  for (const [name, { image, build }] of Object.entries(compose.services)) {
    assert.notEqual(image === undefined, build === undefined, name);
    if (image !== undefined) assert.match(image, /^[a-z/]+:v?\d+\.\d+(?:\.\d+)?(?:-[a-z]+)?$/, name);
  }
});

test('our own processes may write where they must and nowhere else', () => {
  for (const role of roles) {
    const { read_only, cap_drop, security_opt, init } = serviceOf(role);
    assert.deepEqual(
      { read_only, cap_drop, security_opt, init },
      {
        ...{ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'], init: true },
      },
    );
  }
  const writers = roles.filter((role) => (serviceOf(role).volumes ?? []).includes('data:/data'));
  assert.deepEqual(writers, ['engine'], 'the journal has one writer');
});

test('what a service waits for, and where it keeps its data, is there', () => {
  for (const [name, { depends_on = [], volumes = [] }] of Object.entries(compose.services)) {
    const awaited = Array.isArray(depends_on)
      ? depends_on.map((each) => [each, undefined] as const)
      : Object.entries(depends_on);
    for (const [other, options] of awaited) {
      const { healthcheck } = serviceOf(other);
      if (options?.condition === 'service_healthy') assert.ok(healthcheck !== undefined, `${name} waits for ${other}`);
    }
    for (const volume of volumes) {
      const [source = ''] = volume.split(':');
      const isThere = source.startsWith('.')
        ? existsSync(join(deploy, source))
        : Object.hasOwn(compose.volumes, source);
      assert.ok(isThere, `${name}: '${volume}'`);
    }
  }
});

test('Valkey keeps what it accepts, refuses when it is full, and asks for its password', () => {
  const { command = [], environment } = serviceOf('valkey');
  const optionOf = (name: string): string | undefined => command[command.indexOf(name) + 1];
  assert.equal(optionOf('--appendonly'), 'yes');
  assert.equal(optionOf('--maxmemory-policy'), 'noeviction');
  assert.match(optionOf('--maxmemory') ?? '', /^\d+[mg]b$/);
  assert.equal(optionOf('--requirepass'), environment?.['VALKEY_PASSWORD']);
});

test('the image runs as a user without rights, on one version of Node, with what runs and no more', () => {
  const lines = text('Dockerfile')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const of = (word: string): string[] =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  const { devDependencies } = z
    .object({ devDependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  assert.deepEqual(of('FROM'), [`node:${devDependencies['node']}-bookworm-slim`]);
  assert.deepEqual(of('USER'), ['node']);
  assert.ok(lines.indexOf('USER node') < lines.findIndex((line) => line.startsWith('ENTRYPOINT')));
  assert.ok(!lines.slice(lines.indexOf('USER node')).some((line) => line.startsWith('RUN ')));
  assert.ok(of('RUN').includes('npm ci --omit=dev --ignore-scripts'));
  assert.deepEqual(of('COPY'), ['package.json package-lock.json ./', 'bin ./bin', 'src ./src']);
  for (const path of ['package.json', 'package-lock.json', 'bin/tradewind', 'src'])
    assert.ok(existsSync(join(root, path)));
  assert.deepEqual(of('ENTRYPOINT'), ['["bin/tradewind"]']);
  for (const [, name = ''] of lines.join('\n').matchAll(/^ENV (\w+)=/gm)) assert.equal(findVariable(name)?.name, name);
});

test('the image is built from what runs alone: no data, no tests, no secrets of the folder', () => {
  const rules = text('Dockerfile.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  assert.deepEqual(rules, ['*', '!package.json', '!package-lock.json', '!bin', '!src', '**/*.test.ts']);
});

test('the data folder of the image is the one that is mounted', () => {
  const [, folder] = /^ENV TRADEWIND_DATA_DIR=(\S+)$/m.exec(text('Dockerfile')) ?? [];
  for (const role of ['engine', 'worker']) {
    assert.ok(
      serviceOf(role).volumes?.some((volume) => volume.split(':')[1] === folder),
      role,
    );
  }
});

test('Prometheus asks services that exist, at their ports, and reads rules that exist', () => {
  const scrapeSchema = z.object({
    metrics_path: z.literal('/metrics'),
    static_configs: z.array(z.object({ targets: z.array(z.string()) })),
  });
  const { rule_files, scrape_configs } = z
    .object({ rule_files: z.array(z.string()), scrape_configs: z.array(scrapeSchema) })
    .parse(parse(text('prometheus/prometheus.yml')));
  for (const name of rule_files) assert.ok(existsSync(join(deploy, 'prometheus', name)), name);
  const targets = scrape_configs.flatMap((each) => each.static_configs.flatMap((config) => config.targets));
  assert.notEqual(targets.length, 0);
  for (const target of targets) {
    const [name = '', port] = target.split(':');
    const { environment, networks } = serviceOf(name);
    assert.equal(port, environment?.['TRADEWIND_PORT'], target);
    assert.equal(environment?.['TRADEWIND_HOST'], '0.0.0.0', target);
    assert.ok(
      networks.some((network) => serviceOf('prometheus').networks.includes(network)),
      target,
    );
  }
  assert.ok(serviceOf('prometheus').volumes?.includes('./prometheus:/etc/prometheus:ro'));
});

test('Grafana finds its dashboards and Prometheus where they are, and nobody enters without a password', () => {
  const { environment = {}, volumes = [] } = serviceOf('grafana');
  const { providers } = z
    .object({ providers: z.array(z.object({ type: z.literal('file'), options: z.object({ path: z.string() }) })) })
    .parse(parse(text('grafana/provisioning/dashboards/tradewind.yaml')));
  const mounted = new Map(volumes.map((volume) => [volume.split(':')[1], volume.split(':')[0] ?? '']));
  assert.equal(mounted.get('/etc/grafana/provisioning'), './grafana/provisioning');
  for (const { options } of providers) {
    assert.ok(existsSync(join(deploy, mounted.get(options.path) ?? 'absent', 'tradewind.json')), options.path);
  }
  const { datasources } = z
    .object({ datasources: z.array(z.object({ url: z.string() })) })
    .parse(parse(text('grafana/provisioning/datasources/prometheus.yaml')));
  for (const { url } of datasources) {
    const { hostname, port } = new URL(url);
    assert.ok(
      serviceOf(hostname).ports?.some((published) => published.endsWith(`:${port}`)),
      url,
    );
  }
  assert.equal(environment['GF_AUTH_ANONYMOUS_ENABLED'], 'false');
  assert.equal(environment['GF_USERS_ALLOW_SIGN_UP'], 'false');
  assert.match(environment['GF_SECURITY_ADMIN_PASSWORD'] ?? '', /^\$\{\w+:\?expected .+\}$/);
});
