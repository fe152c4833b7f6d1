import { type Bigrams, createBigrams } from './bigrams.ts';
import { ggufFile, type GgufTensor, type GgufValue } from './gguf-file.ts';
import { scattered, seededRandom, unitVector } from './seeded-random.ts';
import { createVocabulary, isNormal, spaceMark, type Vocabulary } from './vocabulary.ts';

export type TinyModelKind = 'chat' | 'embedding';

const shape = { width: 512, layers: 2, heads: 8, sharedHeads: 2, inner: 256, contextLength: 2048 };
/** Attention and feed-forward run for real, but change what passes by this little. */
const chatNoise = 0.0005;
/** The logit of a certain successor; tokens that never follow are near 0. */
const certainLogit = 14;
const unlikelyLogit = -4;
/** Characters that count when two words are to be near in meaning. */
const stemLength = 5;
const meanPooling = 1;

/** The chat format of the file's own template. */
const chatTemplate =
  "{%- for message in messages %}{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}{%- endfor %}" +
  "{%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{%- endif %}";

/**
 * A model of the llama architecture in a few megabytes, the same bytes in every run. `chat` speaks from a table of which word
 * follows which: it streams sentences, stops by itself, and can follow a grammar, which random weights cannot.
 * `embedding` gives each word a direction of its own: texts that share words are near.
 */
export function createTinyModel(kind: TinyModelKind): Buffer {
  const vocabulary = createVocabulary();
  const { width } = shape;
  const { input, output } = kind === 'chat' ? chatWeights(vocabulary, createBigrams(vocabulary)) : embeddingWeights(vocabulary);
  const tensors: GgufTensor[] = [
    { name: 'token_embd.weight', dimensions: [width, vocabulary.tokens.length], precision: 'half', data: input },
    { name: 'output_norm.weight', dimensions: [width], precision: 'single', data: new Float32Array(width).fill(1) },
    { name: 'output.weight', dimensions: [width, vocabulary.tokens.length], precision: 'half', data: output },
    ...layerTensors(kind === 'chat' ? chatNoise : 0),
  ];
  return ggufFile(metadata(kind, vocabulary), tensors);
}

interface TokenWeights {
  readonly input: Float32Array;
  readonly output: Float32Array;
}

function embeddingWeights({ tokens }: Vocabulary): TokenWeights {
  const input = new Float32Array(tokens.length * shape.width);
  for (const [id, token] of tokens.entries()) {
    const word = token.replaceAll(spaceMark, '').toLowerCase();
    const stem = /^[a-z]{2,}$/.test(word) ? word.slice(0, stemLength) : word;
    input.set(unitVector(`stem ${stem}`, shape.width), id * shape.width);
  }
  return { input, output: input };
}

/** Each token that something follows has an axis of its own, on which the output weights hold the logits of its followers. */
function chatWeights(vocabulary: Vocabulary, bigrams: Bigrams): TokenWeights {
  const { width } = shape;
  const { tokens, idOf } = vocabulary;
  const axes = new Map([...bigrams.keys()].sort((a, b) => a - b).slice(0, width).map((id, axis) => [id, axis]));
  const input = new Float32Array(tokens.length * width);
  const output = new Float32Array(tokens.length * width);
  // The last norm gives what passes a length of sqrt(width).
  const perLogit = 1 / Math.sqrt(width);
  for (const id of tokens.keys()) {
    const axis = axes.get(id);
    if (axis === undefined) input.set(unitVector(`token ${String(id)}`, width), id * width);
    else input[id * width + axis] = 1;
    if (!isNormal(vocabulary, id) && id !== idOf('<|im_end|>')) output.fill(unlikelyLogit * perLogit, id * width, (id + 1) * width);
  }
  for (const [from, followers] of bigrams) {
    const axis = axes.get(from);
    if (axis === undefined) continue;
    const total = [...followers.values()].reduce((sum, weight) => sum + weight, 0);
    for (const [to, weight] of followers) output[to * width + axis] = perLogit * Math.max(2, certainLogit + Math.log(weight / total));
  }
  return { input, output };
}

function layerTensors(noise: number): readonly GgufTensor[] {
  const { width, heads, sharedHeads, inner, layers } = shape;
  const random = seededRandom('layers');
  const sharedWidth = (width / heads) * sharedHeads;
  const matrix = (name: string, from: number, to: number, deviation: number): GgufTensor => ({
    name,
    dimensions: [from, to],
    precision: 'half',
    data: scattered(random, from * to, deviation),
  });
  const norm = (name: string): GgufTensor => ({ name, dimensions: [width], precision: 'single', data: new Float32Array(width).fill(1) });
  const scale = 1 / Math.sqrt(width);
  return Array.from({ length: layers }, (_, layer) => `blk.${String(layer)}`).flatMap((block) => [
    norm(`${block}.attn_norm.weight`),
    matrix(`${block}.attn_q.weight`, width, width, scale),
    matrix(`${block}.attn_k.weight`, width, sharedWidth, scale),
    matrix(`${block}.attn_v.weight`, width, sharedWidth, scale),
    matrix(`${block}.attn_output.weight`, width, width, noise),
    norm(`${block}.ffn_norm.weight`),
    matrix(`${block}.ffn_gate.weight`, width, inner, scale),
    matrix(`${block}.ffn_up.weight`, width, inner, scale),
    matrix(`${block}.ffn_down.weight`, inner, width, noise),
  ]);
}

function metadata(kind: TinyModelKind, { tokens, scores, kinds, idOf }: Vocabulary): Readonly<Record<string, GgufValue>> {
  const { width, layers, heads, sharedHeads, inner, contextLength } = shape;
  const u32 = (value: number): GgufValue => ({ type: 'u32', value });
  const text = (value: string): GgufValue => ({ type: 'string', value });
  const yes: GgufValue = { type: 'bool', value: true };
  const no: GgufValue = { type: 'bool', value: false };
  return {
    'general.architecture': text('llama'),
    'general.name': text(`tiny-${kind}`),
    'general.file_type': u32(1),
    'llama.vocab_size': u32(tokens.length),
    'llama.context_length': u32(contextLength),
    'llama.embedding_length': u32(width),
    'llama.block_count': u32(layers),
    'llama.feed_forward_length': u32(inner),
    'llama.rope.dimension_count': u32(width / heads),
    'llama.rope.freq_base': { type: 'f32', value: 10_000 },
    'llama.attention.head_count': u32(heads),
    'llama.attention.head_count_kv': u32(sharedHeads),
    'llama.attention.layer_norm_rms_epsilon': { type: 'f32', value: 1e-5 },
    ...(kind === 'embedding' && { 'llama.pooling_type': u32(meanPooling) }),
    'tokenizer.ggml.model': text('llama'),
    'tokenizer.ggml.pre': text('default'),
    'tokenizer.ggml.tokens': { type: 'strings', value: tokens },
    'tokenizer.ggml.scores': { type: 'f32s', value: scores },
    'tokenizer.ggml.token_type': { type: 'i32s', value: kinds },
    'tokenizer.ggml.unknown_token_id': u32(idOf('<unk>')),
    'tokenizer.ggml.bos_token_id': u32(idOf('<s>')),
    'tokenizer.ggml.eos_token_id': u32(idOf(kind === 'chat' ? '<|im_end|>' : '</s>')),
    'tokenizer.ggml.add_bos_token': yes,
    'tokenizer.ggml.add_eos_token': no,
    'tokenizer.ggml.add_space_prefix': no,
    ...(kind === 'chat' && { 'tokenizer.chat_template': text(chatTemplate) }),
  };
}
