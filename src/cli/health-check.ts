/** What the doctor found of one thing: `note` is worth knowing, `broken` keeps the desk from running. */
export interface HealthCheck {
  readonly name: string;
  readonly state: 'ok' | 'note' | 'broken';
  readonly detail: string;
}
