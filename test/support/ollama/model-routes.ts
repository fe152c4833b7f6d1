import type { Exchange } from './exchange.ts';
import type { LoadedModel } from './model-runners.ts';
import { namedModelBody } from './request-bodies.ts';
import type { ScriptedModel } from './scripted-model.ts';

const modifiedAt = '2026-08-01T10:00:00.000000001Z';

/** `GET /api/tags`. Abilities are missing here, as on a real server: `/api/show` has them. */
export function answerTags(exchange: Exchange, models: readonly ScriptedModel[]): void {
  exchange.json(200, {
    models: models.map((model) => ({
      name: model.name,
      model: model.name,
      ...(model.remoteHost === undefined ? {} : { remote_model: model.name.split(':')[0], remote_host: model.remoteHost }),
      modified_at: modifiedAt,
      size: model.bytes,
      digest: model.digest,
      details: detailsOf(model),
    })),
  });
}

/** `GET /api/ps`. */
export function answerPs(exchange: Exchange, loaded: readonly LoadedModel[]): void {
  exchange.json(200, {
    models: loaded.map(({ model, contextSize, expiresAt }) => ({
      name: model.name,
      model: model.name,
      size: model.bytes,
      digest: model.digest,
      details: detailsOf(model),
      expires_at: expiresAt === null ? '2319-01-01T00:00:00Z' : new Date(expiresAt).toISOString(),
      size_vram: 0,
      context_length: contextSize,
    })),
  });
}

/** `POST /api/show`. */
export function answerShow(exchange: Exchange, find: (name: string) => ScriptedModel | undefined): void {
  const body = namedModelBody.safeParse(exchange.body);
  const name = body.success ? (body.data.model ?? body.data.name) : undefined;
  if (name === undefined) {
    exchange.refuse(400, 'model is required');
    return;
  }
  const model = find(name);
  if (model === undefined) {
    exchange.refuse(404, `model '${name}' not found`);
    return;
  }
  exchange.json(200, {
    modelfile: `FROM ${model.name}`,
    template: '{{ .Prompt }}',
    details: detailsOf(model),
    model_info: {
      'general.architecture': model.family,
      'general.parameter_count': 4_300_000_000,
      [`${model.family}.context_length`]: model.contextLength,
      [`${model.family}.embedding_length`]: model.dimensions === 0 ? 2560 : model.dimensions,
    },
    capabilities: model.capabilities,
    modified_at: modifiedAt,
    ...(model.remoteHost === undefined ? {} : { remote_host: model.remoteHost }),
  });
}

function detailsOf(model: ScriptedModel): object {
  return {
    parent_model: '',
    format: 'gguf',
    family: model.family,
    families: [model.family],
    parameter_size: model.parameterSize,
    quantization_level: model.quantization,
  };
}
