import { createHash } from 'node:crypto';
import type { Exchange, Framing } from './exchange.ts';
import { namedModelBody } from './request-bodies.ts';
import { type ScriptedModel, withTag } from './scripted-model.ts';
import { pause, until } from './waiting.ts';

/** A model that can be pulled, and how that goes. */
export interface PullOffer {
  readonly model: ScriptedModel;
  /** Sizes of its layers, in bytes. Default: the model's own in one, and a small one. */
  readonly layers?: readonly number[];
  /** Bytes between two lines. Default: an eighth of the layer. */
  readonly stepBytes?: number;
  readonly stepMs?: number;
  /** Once that many bytes have come in all, the rest waits for `until`. */
  readonly holdAt?: { readonly bytes: number; readonly until: Promise<unknown> };
  /** Once that many bytes have come in all, the stream ends with this error line. */
  readonly failAt?: { readonly bytes: number; readonly error: string };
}

/** What can be pulled. What was fetched before an abort stays, as on a real server. */
export class PullScript {
  readonly #offers = new Map<string, PullOffer>();
  /** Bytes on disk, by digest. */
  readonly #fetched = new Map<string, number>();

  offers(offer: PullOffer): void {
    this.#offers.set(offer.model.name, offer);
  }

  offer(name: string): PullOffer | undefined {
    return this.#offers.get(withTag(name));
  }

  fetched(digest: string): number {
    return this.#fetched.get(digest) ?? 0;
  }

  keep(digest: string, bytes: number): void {
    this.#fetched.set(digest, Math.max(bytes, this.fetched(digest)));
  }
}

export interface PullRoute {
  readonly script: PullScript;
  readonly models: ScriptedModel[];
  readonly framing: Framing;
}

/** `POST /api/pull`: one line per step; failures come as a line of their own, after a 200. */
export async function answerPull(exchange: Exchange, { script, models, framing }: PullRoute): Promise<void> {
  const body = namedModelBody.safeParse(exchange.body);
  const name = body.success ? (body.data.model ?? body.data.name) : undefined;
  if (name === undefined || name === '') {
    exchange.refuse(400, 'invalid model name');
    return;
  }
  exchange.openStream(framing);
  await exchange.line({ status: 'pulling manifest' });
  const offer = script.offer(name);
  if (offer === undefined) await exchange.line({ error: 'pull model manifest: file does not exist' });
  else if (await fetchLayers(exchange, script, offer)) {
    await exchange.line({ status: 'verifying sha256 digest' });
    await exchange.line({ status: 'writing manifest' });
    const present = models.findIndex((model) => model.name === offer.model.name);
    models.splice(present < 0 ? models.length : present, present < 0 ? 0 : 1, offer.model);
    await exchange.line({ status: 'success' });
  }
  exchange.endStream();
}

/** False when the client left or the download failed. */
async function fetchLayers(exchange: Exchange, script: PullScript, offer: PullOffer): Promise<boolean> {
  let before = 0;
  for (const [index, total] of (offer.layers ?? [offer.model.bytes, 487]).entries()) {
    const digest = `sha256:${createHash('sha256').update(`${offer.model.digest}/${String(index)}`).digest('hex')}`;
    const line = (completed: number): object => ({
      status: `pulling ${digest.slice('sha256:'.length, 'sha256:'.length + 12)}`,
      digest,
      total,
      ...(completed > 0 && { completed }),
    });
    const step = offer.stepBytes ?? Math.ceil(total / 8);
    await exchange.line(line(script.fetched(digest)));
    while (script.fetched(digest) < total) {
      await pause(offer.stepMs ?? 0, exchange.left);
      if (offer.holdAt !== undefined && before + script.fetched(digest) >= offer.holdAt.bytes) await until(offer.holdAt.until, exchange.left);
      if (exchange.isGone()) return false;
      if (offer.failAt !== undefined && before + script.fetched(digest) >= offer.failAt.bytes) {
        await exchange.line({ error: offer.failAt.error });
        return false;
      }
      script.keep(digest, Math.min(total, script.fetched(digest) + step));
      await exchange.line(line(script.fetched(digest)));
    }
    before += total;
  }
  return !exchange.isGone();
}
