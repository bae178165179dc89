import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { hexOf } from '#adapters/journal/chained-bytes.ts';
import { type FileOperations, systemFiles, writeAll, writeAllSync } from '#adapters/journal/file-operations.ts';
import { sealFrame } from '#adapters/journal/frame.ts';
import { JournalRefusedError, JournalWriteError, syncErrorOf, writeErrorOf } from '#adapters/journal/journal-errors.ts';
import { type RecoveredJournal, recoverJournal } from '#adapters/journal/journal-recovery.ts';
import type { Journal, JournalRepair, JournalSync } from '#adapters/journal/journal-types.ts';
import { openReserveFile, type ReserveFile, type ReserveWrite } from '#adapters/journal/reserve-file.ts';
import { encodeSegmentHeader, isRunId, segmentName } from '#adapters/journal/segment-header.ts';
import { AssertionError, assert } from '#base/assert.ts';
import { createEncoder, encodeValue, resetDictionary } from '#base/value-codec.ts';

/** How a journal is opened. */
export type JournalOptions = {
  /** Names the run; a folder of another run is refused. */
  runId: string;
  /** Default `group`. */
  sync?: JournalSync;
  /** A segment that has reached this size is followed by a new one; default 64 MiB. */
  segmentBytes?: number;
  /** With sync `none`, the size at which appended entries are written; default 256 KiB. */
  frameBytes?: number;
  /** Appending stops with an `AssertionError` while this much is not durable; default 256 MiB. */
  bufferedBytesMax?: number;
  /** Disk space held back; default 1 MiB, and 0 (none) with sync `none`. */
  reserveBytes?: number;
  operations?: FileOperations;
};

/** A segment being written: `size` counts sealed bytes; `file` is absent until the first write. */
type OpenSegment = { name: string; firstSequence: number; size: number; file: number | undefined };

/** A frame (the first of a segment with its header) that is not durable yet; its place never changes, so writing it again is harmless. */
type PendingFrame = {
  segment: OpenSegment;
  position: number;
  bytes: Uint8Array;
  hash: Uint8Array;
  firstSequence: number;
  lastSequence: number;
  reserveWrite: ReserveWrite | undefined;
};

/** One write and the syncs that make it durable. */
type Placement = { file: number; bytes: Uint8Array; position: number; syncsFolder: boolean };

const MEBIBYTE = 1_048_576;

/** Opens a journal: recovers the folder, which is made where it is missing, and goes on after its last entry. */
export function openJournal(folder: string, options: JournalOptions): FileJournal {
  assert(isRunId(options.runId), `a run id has 1 to 64 printable ASCII signs, but found '${options.runId}'`);
  mkdirSync(folder, { recursive: true });
  const operations = options.operations ?? systemFiles;
  const reserveBytes = options.reserveBytes ?? (options.sync === 'none' ? 0 : MEBIBYTE);
  try {
    const recovered = recoverJournal(folder, options.runId, operations);
    const reserve = reserveBytes > 0 ? openReserveFile(folder, reserveBytes, operations) : undefined;
    return new FileJournal(folder, options, recovered, reserve);
  } catch (error) {
    if (error instanceof JournalRefusedError || error instanceof AssertionError) throw error;
    throw writeErrorOf(error, 'opening it failed');
  }
}

/** The writing end of a journal in a folder. There must be one for a folder at most; the folder lock sees to that. */
export class FileJournal implements Journal {
  /** What opening mended. */
  readonly repairs: readonly JournalRepair[];
  readonly #folder: string;
  readonly #runId: string;
  readonly #sync: JournalSync;
  readonly #segmentBytes: number;
  readonly #frameBytes: number;
  readonly #bufferedBytesMax: number;
  readonly #operations: FileOperations;
  readonly #reserve: ReserveFile | undefined;
  readonly #encoder = createEncoder();
  readonly #openSegments = new Set<OpenSegment>();
  #pending: PendingFrame[] = [];
  #pendingBytes = 0;
  #entryCount = 0;
  #lastSequence: number;
  #durableSequence: number;
  #sealedHash: Uint8Array;
  #durableHash: Uint8Array;
  #segment: OpenSegment | undefined;
  #flight: Promise<void> | undefined;
  #nextFlight: Promise<void> | undefined;
  // Raised when something else has taken over the writes of a flight that is still in the air.
  #epoch = 0;
  #failure: JournalWriteError | undefined;
  #isReserveOpen = false;
  #isClosed = false;

  constructor(folder: string, options: JournalOptions, recovered: RecoveredJournal, reserve: ReserveFile | undefined) {
    this.repairs = recovered.repairs;
    this.#folder = folder;
    this.#runId = options.runId;
    this.#sync = options.sync ?? 'group';
    this.#segmentBytes = options.segmentBytes ?? 64 * MEBIBYTE;
    this.#frameBytes = options.frameBytes ?? MEBIBYTE / 4;
    this.#bufferedBytesMax = options.bufferedBytesMax ?? 256 * MEBIBYTE;
    this.#operations = options.operations ?? systemFiles;
    this.#reserve = reserve;
    this.#lastSequence = recovered.lastSequence;
    this.#durableSequence = recovered.lastSequence;
    this.#sealedHash = recovered.lastHash;
    this.#durableHash = recovered.lastHash;
    if (recovered.emptySegment !== undefined) this.#segment = this.#reopen(recovered.emptySegment);
  }

  get lastSequence(): number {
    return this.#lastSequence;
  }

  get durableSequence(): number {
    return this.#durableSequence;
  }

  /** The chain's hash after the entry `durableSequence`, in hexadecimal. */
  get durableHash(): string {
    return hexOf(this.#durableHash);
  }

  /** How many bytes are appended but not durable. */
  get bufferedBytes(): number {
    return this.#encoder.length + this.#pendingBytes;
  }

  append(value: unknown): number {
    assert(!this.#isClosed, 'a closed journal takes no entry');
    if (this.bufferedBytes >= this.#bufferedBytesMax)
      assert(false, `at most ${this.#bufferedBytesMax} bytes wait for the disk`);
    encodeValue(this.#encoder, value);
    this.#entryCount++;
    const sequence = ++this.#lastSequence;
    if (this.#sync === 'none' && this.#encoder.length >= this.#frameBytes) this.flushSync();
    return sequence;
  }

  async flush(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#sync === 'none') return this.flushSync();
    if (this.#flight === undefined) return this.#startFlight();
    if (this.#entryCount === 0) return this.#flight;
    // All who come while a sync runs share the one after it.
    const next = (): Promise<void> => {
      this.#nextFlight = undefined;
      return this.flush();
    };
    this.#nextFlight ??= this.#flight.then(next, next);
    return this.#nextFlight;
  }

  flushSync(): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.#seal();
    if (this.#pending.length > 0 && this.#flight !== undefined) this.#epoch++;
    for (const frame of [...this.#pending]) {
      try {
        this.#writeSync(this.#placementOf(frame));
      } catch (error) {
        throw this.#fail(writeErrorOf(error, 'a write failed'));
      }
      this.#markDurable(frame);
    }
    if (this.#flight === undefined) this.#closeFinished();
  }

  openReserve(): void {
    if (this.#reserve === undefined)
      throw new JournalWriteError('NO_RESERVE', false, 'the journal was opened without a reserve');
    if (this.#isReserveOpen) return;
    this.#isReserveOpen = true;
    this.#failure = undefined;
    this.#epoch++;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      // The flights in the air are told their outcome by their own callers.
      await Promise.allSettled([this.#flight, this.#nextFlight]);
      this.flushSync();
    } finally {
      for (const segment of this.#openSegments) if (segment.file !== undefined) this.#operations.close(segment.file);
      this.#openSegments.clear();
      if (this.#reserve !== undefined) this.#operations.close(this.#reserve.file);
    }
  }

  #reopen(segment: { name: string; firstSequence: number; bytes: number }): OpenSegment {
    const file = this.#operations.open(join(this.#folder, segment.name), false);
    const open = { name: segment.name, firstSequence: segment.firstSequence, size: segment.bytes, file };
    this.#openSegments.add(open);
    return open;
  }

  #startFlight(): Promise<void> {
    this.#seal();
    if (this.#pending.length === 0) return Promise.resolve();
    this.#flight = this.#fly().finally(() => {
      this.#flight = undefined;
      this.#closeFinished();
    });
    return this.#flight;
  }

  /** Turns everything appended into one frame of the current segment, or of a new one. */
  #seal(): void {
    if (this.#entryCount === 0) return;
    const firstSequence = this.#lastSequence - this.#entryCount + 1;
    const isNew = this.#segment === undefined;
    const segment = this.#segment ?? { name: segmentName(firstSequence), firstSequence, size: 0, file: undefined };
    const prefix = isNew ? encodeSegmentHeader(this.#runId, firstSequence, this.#sealedHash) : this.#sealedHash;
    const sealed = sealFrame(prefix, this.#encoder, this.#entryCount, firstSequence);
    const bytes = isNew ? sealed.bytes : sealed.bytes.subarray(prefix.length);
    const frame = {
      segment,
      position: segment.size,
      bytes,
      hash: sealed.hash,
      firstSequence,
      lastSequence: this.#lastSequence,
    };
    this.#pending.push({ ...frame, reserveWrite: undefined });
    this.#pendingBytes += bytes.length;
    this.#sealedHash = sealed.hash;
    this.#entryCount = 0;
    segment.size += bytes.length;
    this.#segment = segment.size < this.#segmentBytes ? segment : undefined;
    if (this.#segment === undefined) resetDictionary(this.#encoder);
  }

  /** Writes and syncs the pending frames in order; a frame is synced before the next is written, so only one can ever be torn. */
  async #fly(): Promise<void> {
    for (let frame = this.#pending[0]; frame !== undefined; frame = this.#pending[0]) {
      const epoch = this.#epoch;
      try {
        await this.#write(this.#placementOf(frame));
      } catch (error) {
        const failure = writeErrorOf(error, 'a write failed');
        // The disk may have told only this call of a failed sync, and not the one that took over.
        if (epoch === this.#epoch || !(failure.isRetryable || this.#isReserveOpen)) throw this.#fail(failure);
      }
      if (epoch === this.#epoch) this.#markDurable(frame);
    }
  }

  #placementOf(frame: PendingFrame): Placement {
    if (this.#isReserveOpen && this.#reserve !== undefined) {
      const record = { segmentSequence: frame.segment.firstSequence, offset: frame.position, bytes: frame.bytes };
      frame.reserveWrite ??= this.#reserve.seal(record, frame.firstSequence);
      return { file: this.#reserve.file, ...frame.reserveWrite, syncsFolder: false };
    }
    frame.segment.file ??= this.#create(frame.segment);
    return {
      file: frame.segment.file,
      bytes: frame.bytes,
      position: frame.position,
      syncsFolder: frame.position === 0,
    };
  }

  #create(segment: OpenSegment): number {
    this.#openSegments.add(segment);
    return this.#operations.open(join(this.#folder, segment.name), true);
  }

  async #write({ file, bytes, position, syncsFolder }: Placement): Promise<void> {
    await writeAll(this.#operations, file, bytes, position);
    try {
      await this.#operations.fdatasync(file);
      if (syncsFolder) this.#operations.syncFolder(this.#folder);
    } catch (error) {
      throw syncErrorOf(error);
    }
  }

  #writeSync({ file, bytes, position, syncsFolder }: Placement): void {
    writeAllSync(this.#operations, file, bytes, position);
    if (this.#sync === 'none' && !this.#isReserveOpen) return;
    try {
      this.#operations.fdatasyncSync(file);
      if (syncsFolder) this.#operations.syncFolder(this.#folder);
    } catch (error) {
      throw syncErrorOf(error);
    }
  }

  #markDurable(frame: PendingFrame): void {
    assert(this.#pending.shift() === frame, 'frames become durable in their order');
    this.#pendingBytes -= frame.bytes.length;
    this.#durableSequence = frame.lastSequence;
    this.#durableHash = frame.hash;
  }

  /** Remembers a failure after which no further write can be trusted. */
  #fail(failure: JournalWriteError): JournalWriteError {
    if (!failure.isRetryable) this.#failure = failure;
    return failure;
  }

  #closeFinished(): void {
    for (const segment of this.#openSegments) {
      if (segment === this.#segment || this.#pending.some((frame) => frame.segment === segment)) continue;
      if (segment.file !== undefined) this.#operations.close(segment.file);
      this.#openSegments.delete(segment);
    }
  }
}
