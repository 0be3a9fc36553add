import type { onnx as Onnx } from 'onnx-proto'

/** Element types of the ONNX standard that this project writes (TensorProto.DataType). */
const ELEMENT_TYPES = { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10 } as const
export type ElementType = keyof typeof ELEMENT_TYPES

/** AttributeProto.AttributeType. */
const ATTRIBUTE_FLOAT = 1
const ATTRIBUTE_INT = 2
const ATTRIBUTE_INTS = 7

export type Attribute = { float: number } | { int: number } | { ints: number[] }

/**
 * Writes one ONNX model (https://onnx.ai/onnx/repo-docs/IR.html). Every value has a name; a method that makes a value returns that
 * name, so that graphs read as expressions. The same calls give the same bytes.
 */
export class OnnxGraph {
  readonly #name: string
  readonly #nodes: Onnx.INodeProto[] = []
  readonly #constants: Onnx.ITensorProto[] = []
  readonly #inputs: Onnx.IValueInfoProto[] = []
  readonly #outputs: Onnx.IValueInfoProto[] = []

  constructor(name: string) {
    this.#name = name
  }

  /** An input of the model. A dimension that is a word may differ from call to call. */
  input(name: string, type: ElementType, shape: (number | string)[]): string {
    this.#inputs.push(valueInfo(name, type, shape))
    return name
  }

  /** Makes the value `name` an output of the model. */
  output(name: string, type: ElementType, shape: (number | string)[]): void {
    this.#outputs.push(valueInfo(name, type, shape))
  }

  /** Values that belong to the model. An empty shape is a scalar. */
  constant(
    name: string,
    type: ElementType,
    shape: number[],
    values: Float32Array | Uint16Array | BigInt64Array,
  ): string {
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    this.#constants.push({ name, dataType: ELEMENT_TYPES[type], dims: shape, rawData })
    return name
  }

  /** A scalar of type float32. */
  scalar(name: string, value: number): string {
    return this.constant(name, 'float32', [], Float32Array.of(value))
  }

  /** A list of int64, as axes and shapes are given. */
  integers(name: string, values: number[]): string {
    return this.constant(name, 'int64', [values.length], BigInt64Array.from(values, BigInt))
  }

  /** Applies an operator of the ONNX standard to `inputs`; its result is named `name`. */
  apply(operator: string, name: string, inputs: string[], attributes: Record<string, Attribute> = {}): string {
    this.#nodes.push({
      opType: operator,
      name,
      input: inputs,
      output: [name],
      attribute: Object.entries(attributes).map(([key, value]) => attributeProto(key, value)),
    })
    return name
  }

  /** @returns the bytes of the model file, for operator set 17 */
  async encode(): Promise<Uint8Array<ArrayBuffer>> {
    const { onnx } = (await import('onnx-proto')).default
    const model = onnx.ModelProto.create({
      irVersion: 8,
      producerName: 'learning-voice-agent',
      opsetImport: [{ domain: '', version: 17 }],
      graph: {
        name: this.#name,
        node: this.#nodes,
        initializer: this.#constants,
        input: this.#inputs,
        output: this.#outputs,
      },
    })
    return new Uint8Array(onnx.ModelProto.encode(model).finish())
  }
}

/** The float32 number type as the `to` attribute of Cast. */
export const TO_FLOAT32: Attribute = { int: ELEMENT_TYPES.float32 }

function attributeProto(name: string, value: Attribute): Onnx.IAttributeProto {
  if ('float' in value) return { name, type: ATTRIBUTE_FLOAT, f: value.float }
  if ('int' in value) return { name, type: ATTRIBUTE_INT, i: value.int }
  return { name, type: ATTRIBUTE_INTS, ints: value.ints }
}

function valueInfo(name: string, type: ElementType, shape: (number | string)[]): Onnx.IValueInfoProto {
  const dim = shape.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size }))
  return { name, type: { tensorType: { elemType: ELEMENT_TYPES[type], shape: { dim } } } }
}
