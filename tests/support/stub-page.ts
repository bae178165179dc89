import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import vm from 'node:vm';

type Listener = (event: object) => unknown;

/** As much of a page's element as the status page's script touches. */
export class StubElement {
  readonly tagName: string;
  readonly dataset: Record<string, string> = {};
  readonly attributes: Record<string, string> = {};
  readonly listeners: Record<string, Listener> = {};
  readonly properties: Record<string, string> = {};
  readonly style: { width?: string; setProperty(name: string, value: string): void };
  readonly classes = new Set<string>();
  children: StubElement[] = [];
  parent: StubElement | undefined;
  hidden = false;
  isOpen = false;
  disabled = false;
  checked = false;
  value = '';
  title = '';
  #text = '';

  constructor(tagName: string) {
    this.tagName = tagName.toUpperCase();
    this.style = {
      setProperty: (name, value) => {
        this.properties[name] = value;
      },
    };
  }

  get textContent(): string {
    return this.children.length === 0 ? this.#text : this.children.map((child) => child.textContent).join('');
  }

  set textContent(text: string) {
    this.children = [];
    this.#text = text;
  }

  get classList(): { toggle(name: string, isOn: boolean): void } {
    return { toggle: (name, isOn) => void (isOn ? this.classes.add(name) : this.classes.delete(name)) };
  }

  set className(names: string) {
    for (const name of names.split(' ')) this.classes.add(name);
  }

  get firstChild(): StubElement | null {
    return this.children[0] ?? null;
  }

  /** Rows of a table's body. */
  get rows(): StubElement[] {
    return this.children;
  }

  /** Cells of a row. */
  get cells(): StubElement[] {
    return this.children;
  }

  insertCell(): StubElement {
    const cell = new StubElement('td');
    this.append(cell);
    return cell;
  }

  append(...added: StubElement[]): void {
    for (const child of added) this.insertBefore(child, null);
  }

  insertBefore(child: StubElement, before: StubElement | null): void {
    child.remove();
    child.parent = this;
    const place = before === null ? this.children.length : this.children.indexOf(before);
    this.children.splice(place, 0, child);
  }

  replaceChildren(...children: StubElement[]): void {
    this.children = [];
    this.append(...children);
  }

  remove(): void {
    const siblings = this.parent?.children;
    if (siblings?.includes(this) === true) siblings.splice(siblings.indexOf(this), 1);
  }

  setAttribute(name: string, value: string): void {
    this.attributes[name] = value;
  }

  addEventListener(type: string, listener: Listener): void {
    this.listeners[type] = listener;
  }

  showModal(): void {
    this.isOpen = true;
  }

  close(): void {
    this.isOpen = false;
  }
}

/** What the script asked the desk for. */
export interface StubRequest {
  readonly url: string;
  readonly method: string;
  readonly body: unknown;
}

export interface StubPage {
  readonly requests: readonly StubRequest[];
  readonly body: StubElement;
  element(id: string): StubElement;
  /** Calls what listens on an element, and waits for what it does. */
  fire(id: string, type: string): Promise<void>;
  /** Lets the script ask again, as its clock would. */
  poll(): Promise<void>;
}

interface StubAnswer {
  readonly status: number;
  readonly body: unknown;
}

const folder = join(import.meta.dirname, '../../src/api/page');

/** Runs the status page's own script over the ids of its own markup; `answer` plays the desk, and throws where it is gone. */
export async function openStubPage(answer: (request: StubRequest) => StubAnswer): Promise<StubPage> {
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const byId = new Map<string, StubElement>();
  for (const [, tag = '', id = ''] of html.matchAll(/<([a-z0-9]+)\b[^>]*?\sid="([^"]+)"/g))
    byId.set(id, new StubElement(tag));
  const requests: StubRequest[] = [];
  const body = new StubElement('body');
  let again: (() => unknown) | undefined;
  const context = vm.createContext({
    document: {
      body,
      title: '',
      getElementById: (id: string) => byId.get(id) ?? null,
      createElement: (tag: string) => new StubElement(tag),
    },
    fetch: async (url: string, options: { method?: string; body?: string }) => {
      const request = { url, method: options.method ?? 'GET', body: JSON.parse(options.body ?? 'null') as unknown };
      requests.push(request);
      const { status, body: sent } = answer(request);
      return { status, ok: status < 400, json: async () => structuredClone(sent) };
    },
    setTimeout: (next: () => unknown) => {
      again = next;
    },
    AbortSignal,
    Intl,
  });
  const element = (id: string): StubElement => {
    const found = byId.get(id);
    if (found === undefined) throw new Error(`the page has no '${id}'`);
    return found;
  };
  const settle = (): Promise<void> => new Promise((done) => void setImmediate(done));
  vm.runInContext(readFileSync(join(folder, 'page.js'), 'utf8'), context, { filename: 'page.js' });
  await settle();
  return {
    requests,
    body,
    element,
    fire: async (id, type) => {
      element(id).listeners[type]?.({});
      await settle();
    },
    poll: async () => {
      again?.();
      await settle();
    },
  };
}
