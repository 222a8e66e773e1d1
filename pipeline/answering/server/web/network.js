// The network of model/gpt.py in every form that it has: a token and its position in, logits out,
// with a cache of keys and values. Shapes: C channels, H heads, D channels a head, V vocabulary.

/** y (rows) = matrix (rows, columns) · x (columns) [+ bias]. Four rows at a time share each x. */
function multiply(y, matrix, x, bias) {
  const columns = x.length;
  const rows = y.length;
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    let a = row * columns;
    let b = a + columns;
    let c = b + columns;
    let d = c + columns;
    let sumA = 0;
    let sumB = 0;
    let sumC = 0;
    let sumD = 0;
    for (let i = 0; i < columns; i++) {
      const value = x[i];
      sumA += matrix[a++] * value;
      sumB += matrix[b++] * value;
      sumC += matrix[c++] * value;
      sumD += matrix[d++] * value;
    }
    y[row] = sumA;
    y[row + 1] = sumB;
    y[row + 2] = sumC;
    y[row + 3] = sumD;
  }
  for (; row < rows; row++) {
    let sum = 0;
    for (let i = 0; i < columns; i++) sum += matrix[row * columns + i] * x[i];
    y[row] = sum;
  }
  if (bias) for (let i = 0; i < rows; i++) y[i] += bias[i];
  return y;
}

function rmsNormalize(y, x, weight, eps) {
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += x[i] * x[i];
  const scale = 1 / Math.sqrt(squares / x.length + eps);
  for (let i = 0; i < x.length; i++) y[i] = x[i] * scale * weight[i];
}

function layerNormalize(y, x, weight, bias, eps) {
  let mean = 0;
  for (let i = 0; i < x.length; i++) mean += x[i] / x.length;
  let variance = 0;
  for (let i = 0; i < x.length; i++) variance += (x[i] - mean) ** 2 / x.length;
  const scale = 1 / Math.sqrt(variance + eps);
  for (let i = 0; i < x.length; i++) y[i] = (x[i] - mean) * scale * weight[i] + (bias?.[i] ?? 0);
}

const ACTIVATIONS = {
  relu: (x) => Math.max(0, x),
  gelu: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
};

/** cos and sin of every position and channel pair, (positions, D / 2), rounded as in training. */
function rotaryTable(positions, headWidth, theta) {
  const half = headWidth / 2;
  const cos = new Float32Array(positions * half);
  const sin = new Float32Array(positions * half);
  for (let i = 0; i < half; i++) {
    const exponent = Math.fround((2 * i) / headWidth);
    const frequency = Math.fround(1 / Math.fround(theta ** exponent));
    for (let position = 0; position < positions; position++) {
      const angle = Math.fround(position * frequency);
      cos[position * half + i] = Math.cos(angle);
      sin[position * half + i] = Math.sin(angle);
    }
  }
  return { cos, sin };
}

export class Network {
  /** `weights`: a Map from the names of model/gpt.py to Float32Arrays. */
  constructor(config, weights) {
    this.config = config;
    this.weights = weights;
    this.headWidth = config.width / config.heads;
    this.rotary =
      config.position === "rope"
        ? rotaryTable(config.block_size, this.headWidth, config.rope_theta)
        : null;
    this.layers = Array.from({ length: config.layers }, (_, i) => this.layer(`blocks.${i}.`));
    this.head = weights.get(config.tied_head ? "embedding.weight" : "head.weight");
    const { width, mlp_width, vocab_size } = config;
    this.scratch = {
      x: new Float64Array(width), // the residual stream
      normed: new Float64Array(width),
      qkv: new Float64Array(3 * width),
      attended: new Float64Array(width),
      projected: new Float64Array(width),
      up: new Float64Array(config.mlp === "swiglu" ? 2 * mlp_width : mlp_width),
      hidden: new Float64Array(mlp_width),
      logits: new Float64Array(vocab_size),
    };
    this.clear();
  }

  layer(at) {
    const take = (name) => this.weights.get(at + name);
    const linear = (name) => ({ weight: take(`${name}.weight`), bias: take(`${name}.bias`) });
    return {
      attentionNorm: linear("attention_norm"),
      qkv: linear("attention.qkv"),
      qNorm: take("attention.q_norm.weight"),
      kNorm: take("attention.k_norm.weight"),
      out: linear("attention.out"),
      mlpNorm: linear("mlp_norm"),
      up: linear("mlp.up"),
      down: linear("mlp.down"),
      keys: [], // a Float32Array (C) a position
      values: [],
    };
  }

  /** Forget what was read. */
  clear() {
    this.length = 0;
    for (const layer of this.layers) layer.keys = layer.values = null;
    for (const layer of this.layers) [layer.keys, layer.values] = [[], []];
  }

  /**
   * Read one more token; the logits (V) of what follows it, valid until the next call, or null
   * where `wanted` is false, which saves the head's work. `watch(layer, head, weights)` is told
   * what each head of the token attends to.
   */
  read(token, { wanted = true, watch = null } = {}) {
    const { width, block_size } = this.config;
    if (this.length >= block_size) throw new Error(`the context of ${block_size} tokens is full`);
    const { x, normed, logits } = this.scratch;
    const embedding = this.weights.get("embedding.weight");
    const table = this.weights.get("positions.weight");
    for (let i = 0; i < width; i++) {
      x[i] = embedding[token * width + i] + (table ? table[this.length * width + i] : 0);
    }
    this.layers.forEach((layer, index) => this.block(layer, index, watch));
    this.length++;
    if (!wanted) return null;
    const norm = { weight: this.weights.get("norm.weight"), bias: this.weights.get("norm.bias") };
    this.normalize(normed, x, norm);
    return multiply(logits, this.head, normed, this.weights.get("head.bias"));
  }

  normalize(y, x, { weight, bias }) {
    const { norm, norm_eps } = this.config;
    if (norm === "rms") rmsNormalize(y, x, weight, norm_eps);
    else if (norm === "layer") layerNormalize(y, x, weight, bias, norm_eps);
    else y.set(x);
  }

  block(layer, index, watch) {
    const { x, normed, qkv, attended, projected, up, hidden } = this.scratch;
    this.normalize(normed, x, layer.attentionNorm);
    multiply(qkv, layer.qkv.weight, normed, layer.qkv.bias);
    this.attend(attended, qkv, layer, index, watch);
    multiply(projected, layer.out.weight, attended, layer.out.bias);
    for (let i = 0; i < x.length; i++) x[i] += projected[i];
    this.normalize(normed, x, layer.mlpNorm);
    multiply(up, layer.up.weight, normed, layer.up.bias);
    this.activate(hidden, up);
    multiply(projected, layer.down.weight, hidden, layer.down.bias);
    for (let i = 0; i < x.length; i++) x[i] += projected[i];
  }

  activate(hidden, up) {
    const size = hidden.length;
    if (this.config.mlp === "swiglu") {
      for (let i = 0; i < size; i++) hidden[i] = (up[i] / (1 + Math.exp(-up[i]))) * up[size + i];
    } else {
      const activation = ACTIVATIONS[this.config.mlp];
      for (let i = 0; i < size; i++) hidden[i] = activation(up[i]);
    }
  }

  attend(attended, qkv, layer, index, watch) {
    const { width, heads } = this.config;
    const D = this.headWidth;
    const [q, k, v] = [0, 1, 2].map((part) => qkv.subarray(part * width, (part + 1) * width));
    for (let head = 0; head < heads; head++) {
      this.place(q.subarray(head * D, (head + 1) * D), layer.qNorm);
      this.place(k.subarray(head * D, (head + 1) * D), layer.kNorm);
    }
    layer.keys.push(Float32Array.from(k));
    layer.values.push(Float32Array.from(v));
    attended.fill(0);
    for (let head = 0; head < heads; head++) {
      const weights = attentionWeights(q, layer.keys, head * D, D);
      weights.forEach((weight, position) => {
        const value = layer.values[position];
        for (let i = head * D; i < (head + 1) * D; i++) attended[i] += weight * value[i];
      });
      watch?.(index, head, weights);
    }
  }

  /** Normalise one head's query or key, and turn it to its position. */
  place(vector, normWeight) {
    if (normWeight) rmsNormalize(vector, vector, normWeight, this.config.norm_eps);
    if (!this.rotary) return;
    const half = vector.length / 2;
    const start = this.length * half;
    for (let i = 0; i < half; i++) {
      const [cos, sin] = [this.rotary.cos[start + i], this.rotary.sin[start + i]];
      const [first, second] = [vector[i], vector[half + i]];
      vector[i] = first * cos - second * sin;
      vector[half + i] = second * cos + first * sin;
    }
  }
}

/** softmax(q · k / √D) of one head over all positions so far. */
function attentionWeights(q, keys, start, D) {
  const weights = new Float64Array(keys.length);
  let highest = -Infinity;
  for (let position = 0; position < keys.length; position++) {
    const key = keys[position];
    let sum = 0;
    for (let i = start; i < start + D; i++) sum += q[i] * key[i];
    weights[position] = sum / Math.sqrt(D);
    highest = Math.max(highest, weights[position]);
  }
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i] = Math.exp(weights[i] - highest);
  for (let i = 0; i < weights.length; i++) weights[i] /= total;
  return weights;
}

/** The index of the largest value, the first of equals. */
export function argmax(values) {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}

/** log Σ exp(values). */
export function logSumExp(values) {
  const highest = values[argmax(values)];
  let total = 0;
  for (const value of values) total += Math.exp(value - highest);
  return highest + Math.log(total);
}
