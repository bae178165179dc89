import { test } from 'node:test';
import { killsWanted, momentsOf, scenesOf } from '../support/kill-plan.ts';
import { missingServers } from '../support/kill-scene.ts';
import { killServer } from '../support/kill-server.ts';

/** So that a scene is over before its market closes for the weekend. */
const killsOfScene = 25;

for (const [place, kills] of scenesOf(killsWanted, killsOfScene).entries()) {
  test(`PostgreSQL killed ${kills} times stops no trading and ends with what a rebuild would make (scene ${place + 1})`, {
    skip: missingServers,
    timeout: 600_000,
  }, async (t) => {
    await killServer(t, { moments: momentsOf(`postgres/${place}`), kills, serverOf: ({ database }) => database });
  });
}
