import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { SystemMeter, type SystemReading, systemHealth } from './system-health.ts';

const well: SystemReading = {
  cpu: 12.34,
  memory: 40,
  memoryUsedBytes: 300 * 1_048_576,
  memoryAvailableBytes: 8_000 * 1_048_576,
  disk: 55.55,
  eventLoopLagMs: 3,
};

test('a machine at ease is healthy, and figures are rounded to a tenth', () => {
  assert.deepEqual(systemHealth(well), {
    cpu: 12.3,
    memory: 40,
    memory_used_mb: 300,
    memory_available_mb: 8000,
    disk: 55.6,
    event_loop_lag_ms: 3,
    status: 'HEALTHY',
  });
});

test('each figure alone makes the machine degraded or critical', () => {
  const rows: [Partial<SystemReading>, string][] = [
    [{ cpu: 71 }, 'DEGRADED'],
    [{ cpu: 91 }, 'CRITICAL'],
    [{ memory: 71 }, 'DEGRADED'],
    [{ memory: 91 }, 'CRITICAL'],
    [{ disk: 79 }, 'HEALTHY'],
    [{ disk: 81 }, 'DEGRADED'],
    [{ disk: 91 }, 'CRITICAL'],
    [{ eventLoopLagMs: 201 }, 'DEGRADED'],
    [{ eventLoopLagMs: 2_001 }, 'CRITICAL'],
  ];
  for (const [changed, status] of rows) {
    assert.equal(systemHealth({ ...well, ...changed }).status, status, JSON.stringify(changed));
  }
});

test('a meter reads shares between nothing and all', () => {
  const meter = new SystemMeter(tmpdir());
  const reading = meter.read();
  meter.close();
  for (const share of [reading.cpu, reading.memory, reading.disk]) assert.ok(share >= 0 && share <= 100, String(share));
  assert.ok(reading.memoryUsedBytes > 1e6);
  assert.ok(reading.eventLoopLagMs >= 0);
});

test('a disk that cannot be asked counts as full', () => {
  const meter = new SystemMeter('/nowhere/at/all');
  assert.equal(meter.read().disk, 100);
  meter.close();
});
