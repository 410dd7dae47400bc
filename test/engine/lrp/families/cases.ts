import { alexNet } from './alexNet'
import { attentionPooledBag, globalContextNet, selectiveKernelNet } from './attentionPooling'
import { channelsLastConvNeXt, convNeXt } from './convNeXt'
import { denseNet } from './denseNet'
import { Dynamo } from './dynamo'
import { efficientNet, regNet } from './efficientNet'
import type { Feature } from './exporter'
import { convolutionalStem, mobileViT } from './hybrid'
import { mlpMixer, poolFormer } from './metaFormer'
import { attentionPooledResNet, gatedTransformer, leViT } from './moreTransformers'
import { googLeNet, inceptionV3, transformedInput } from './inception'
import { hrNet } from './hrNet'
import { blockAttention, channelConvolution } from './gates'
import { cspDarknet, yoloClassifier } from './yolo'
import { Keras } from './keras'
import { mobileNetV1, mobileNetV2, mobileNetV3 } from './mobileNet'
import { cosineAttention, einsumAttention, multiheadAttention } from './otherAttention'
import { denseGate, fastaiHead, preActivationResNet, res2Net, resNet } from './resNet'
import { shuffleNetV1, shuffleNetV2 } from './shuffleNet'
import { squeezeNet } from './squeezeNet'
import { swin } from './swin'
import { TorchScript } from './torchScript'
import { vgg } from './vgg'
import { visionTransformer } from './visionTransformer'
import { Zoo } from './zoo'

export interface Case {
  readonly family: string
  /** The exporter, its operator set, and what is special. */
  readonly style: string
  readonly kind: 'convolutional' | 'transformer'
  readonly build: () => Uint8Array
  /** What the pixels mean to the network. */
  readonly pixels: 'normalised' | '0…255'
}

const image = [3, 32, 32]
const large = [3, 48, 48]

type Build = () => Uint8Array
const family =
  (kind: Case['kind'], pixels: Case['pixels'] = 'normalised') =>
  (name: string, styles: Readonly<Record<string, Build>>): Case[] =>
    Object.entries(styles).map(([style, build]) => ({ family: name, style, kind, build, pixels }))

const convolutional = family('convolutional')
const transformer = family('transformer')

const script = (opset: 11 | 12 | 13 | 14 | 15 | 16 | 17, foldNorm = true, of = image) =>
  new TorchScript(of, { opset, foldNorm })
const dynamo = (opset: 18 | 19 | 20 | 21 | 22 | 23, of = image) => new Dynamo(of, { opset })
const zoo = (opset: 7 | 8 | 9, scaleLayers = false, of = image) =>
  new Zoo(of, { opset, scaleLayers })
const keras = (opset: 9 | 11 | 13 | 15 | 17, preprocessing = false, of = image) =>
  new Keras(of, { opset, transposes: 'at the ends', preprocessing })
const kerasAround = (opset: 9 | 11 | 13 | 15 | 17, of = image) =>
  new Keras(of, { opset, transposes: 'around every window' })

/** Every family in the forms in which its exporters write it. */
export const cases: readonly Case[] = [
  ...convolutional('VGG', {
    'TorchScript 11': () => vgg(script(11)),
    'Caffe2 7': () => vgg(zoo(7)),
    'Caffe2 9': () => vgg(zoo(9)),
    'Keras 13': () => vgg(keras(13)),
    'dynamo 18, BatchNormalization': () => vgg(dynamo(18), { norm: true }),
  }),
  ...convolutional('AlexNet', {
    'Caffe2 7': () => alexNet(zoo(7, false, large)),
    'Caffe2 9': () => alexNet(zoo(9, false, large)),
    'TorchScript 13': () => alexNet(script(13, true, large)),
  }),
  ...convolutional('ResNet', {
    'TorchScript 17': () => resNet(script(17), { block: 'basic' }),
    'TorchScript 11, BatchNormalization kept': () => {
      const e = script(11, false)
      const head = (_: unknown, x: Feature) => e.dense(e.view(e.globalPool(x)), 5)
      return resNet(e, { block: 'bottleneck', head })
    },
    'dynamo 21': () => resNet(dynamo(21), { block: 'bottleneck' }),
    'dynamo 18, pooled shortcuts': () =>
      resNet(dynamo(18), { block: 'bottleneck', pooledShortcut: true }),
    'Keras 15': () => resNet(keras(15), { block: 'bottleneck' }),
    'Keras 11, channels last': () => resNet(kerasAround(11), { block: 'basic' }),
    'Caffe2 8': () => resNet(zoo(8), { block: 'bottleneck' }),
    'TorchScript 13, squeeze-and-excitation': () =>
      resNet(script(13), { block: 'bottleneck', gate: denseGate }),
    'TorchScript 17, CBAM': () => resNet(script(17), { block: 'basic', gate: blockAttention }),
    'TorchScript 12, ECA': () => resNet(script(12), { block: 'basic', gate: channelConvolution }),
    'TorchScript 14, head of fastai': () =>
      resNet(script(14), { block: 'basic', head: fastaiHead }),
  }),
  ...convolutional('ResNeXt', {
    'TorchScript 14': () => resNet(script(14), { block: 'bottleneck', groups: 4 }),
    'Caffe2 9': () => resNet(zoo(9), { block: 'bottleneck', groups: 4 }),
  }),
  ...convolutional('Res2Net', {
    'TorchScript 12': () => res2Net(script(12)),
    'dynamo 20': () => res2Net(dynamo(20)),
  }),
  ...convolutional('pre-activation ResNet', {
    'TorchScript 17': () => preActivationResNet(script(17)),
    'TorchScript 12, BatchNormalization kept': () => preActivationResNet(script(12, false)),
    'Keras 13': () => preActivationResNet(keras(13)),
    'Keras 9, channels last': () => preActivationResNet(kerasAround(9)),
    'TorchScript 13, in groups': () => preActivationResNet(script(13), 4),
    'dynamo 21, in groups': () => preActivationResNet(dynamo(21), 4),
  }),
  ...convolutional('DenseNet', {
    'TorchScript 17': () => denseNet(script(17)),
    'dynamo 20': () => denseNet(dynamo(20)),
    'Keras 13': () => denseNet(keras(13)),
    'Caffe2 9, scale layers': () => denseNet(zoo(9, true), 'convolution'),
  }),
  ...convolutional('Inception v3', {
    'TorchScript 12': () => inceptionV3(script(12, true, large), true),
    'dynamo 19': () => inceptionV3(dynamo(19, large), true),
    'Keras 13': () => inceptionV3(keras(13, false, large), false),
    'TorchScript 11, transformed input': () => {
      const e = script(11, true, large)
      return inceptionV3(e, true, transformedInput(e))
    },
  }),
  ...convolutional('GoogLeNet', {
    'Caffe2 9, LRN': () => googLeNet(zoo(9, false, large), true),
    'TorchScript 14': () => googLeNet(script(14, true, large), false),
    'Caffe2 9, scale layers': () => googLeNet(zoo(9, true, large), false),
  }),
  ...convolutional('SqueezeNet', {
    'Caffe2 8': () => squeezeNet(zoo(8), { flat: false }),
    'TorchScript 17': () => squeezeNet(script(17)),
    'Keras 15, channels last': () => squeezeNet(kerasAround(15)),
  }),
  ...convolutional('ShuffleNet v1', {
    'Caffe2 9': () => shuffleNetV1(zoo(9)),
    'TorchScript 14': () => shuffleNetV1(script(14)),
  }),
  ...convolutional('ShuffleNet v2', {
    'TorchScript 11': () => shuffleNetV2(script(11), 'Split'),
    'TorchScript 16, slices': () => shuffleNetV2(script(16), 'Slice'),
    'dynamo 18': () => shuffleNetV2(dynamo(18), 'Split'),
  }),
  ...convolutional('HRNet', {
    'TorchScript 11': () => hrNet(script(11)),
    'TorchScript 13': () => hrNet(script(13)),
    'dynamo 18': () => hrNet(dynamo(18)),
  }),
  ...convolutional('YOLO classifier', {
    'TorchScript 17': () => yoloClassifier(script(17)),
    'TorchScript 12, LeakyRelu': () => cspDarknet(script(12)),
  }),
  ...convolutional('MobileNet v1', {
    'Keras 11': () => mobileNetV1(keras(11)),
    'Keras 9, channels last': () => mobileNetV1(kerasAround(9)),
  }),
  ...convolutional('MobileNet v2', {
    'TorchScript 11': () => mobileNetV2(script(11)),
    'dynamo 23': () => mobileNetV2(dynamo(23)),
    'Keras 13, channels last': () => mobileNetV2(kerasAround(13)),
  }),
  ...convolutional('MobileNet v3', {
    'TorchScript 17': () => mobileNetV3(script(17), 'function'),
    'TorchScript 11': () => mobileNetV3(script(11), 'function'),
    'TorchScript 13, spelled out': () => mobileNetV3(script(13), 'spelled out'),
    'Keras 15': () => mobileNetV3(keras(15), 'function'),
    'dynamo 21': () => mobileNetV3(dynamo(21), 'function'),
  }),
  ...convolutional('EfficientNet', {
    'TorchScript 13': () => efficientNet(script(13), { pool: 'mean' }),
    'TorchScript 17': () => efficientNet(script(17), { pool: 'global' }),
    'dynamo 20': () => efficientNet(dynamo(20), { pool: 'mean' }),
    'Keras 13, channels last': () => efficientNet(kerasAround(13), { pool: 'global' }),
  }),
  ...family('convolutional', '0…255')('EfficientNet', {
    'Keras 15, preprocessing': () => efficientNet(keras(15, true), { pool: 'global' }),
  }),
  ...convolutional('RegNet', {
    'TorchScript 17': () => regNet(script(17)),
    'dynamo 22': () => regNet(dynamo(22)),
  }),
  ...convolutional('ConvNeXt', {
    'TorchScript 17': () =>
      convNeXt(script(17), { channelNorm: 'transposed', scaled: 'channels first' }),
    'TorchScript 13, spelled out': () =>
      convNeXt(script(13), { channelNorm: 'spelled out', scaled: 'channels last' }),
    'dynamo 18, GELU by Tanh': () =>
      convNeXt(dynamo(18), {
        channelNorm: 'transposed',
        scaled: 'channels last',
        gelu: 'geluByTanh',
      }),
    'dynamo 20': () =>
      convNeXt(dynamo(20), { channelNorm: 'transposed', scaled: 'channels first' }),
    'Keras 13, channels last': () => channelsLastConvNeXt(kerasAround(13)),
  }),
  ...transformer('Vision Transformer', {
    'TorchScript 13, one projection': () =>
      visionTransformer(script(13), {
        attention: { parts: 'Gather', scale: 'Mul' },
        head: 'class token',
      }),
    'TorchScript 14, three projections': () =>
      visionTransformer(script(14), {
        attention: { parts: 'three', scale: 'Div' },
        head: 'class token',
      }),
    'TorchScript 17, scaled_dot_product_attention': () =>
      visionTransformer(script(17), {
        attention: { parts: 'Split', scale: 'both' },
        head: 'mean of the patches',
      }),
    'TorchScript 17, nn.MultiheadAttention': () => {
      const e = script(17)
      return visionTransformer(e, {
        attention: (_, x, sizes) => multiheadAttention(e, x, sizes),
        head: 'class token',
      })
    },
    'TorchScript 16, slices, GELU by Tanh': () =>
      visionTransformer(script(16), {
        attention: { parts: 'Slice', scale: 'query' },
        gelu: 'geluByTanh',
        head: 'class token',
      }),
    'TorchScript 14, distilled': () =>
      visionTransformer(script(14), {
        attention: { parts: 'Gather', scale: 'query' },
        head: 'two tokens',
      }),
    'TorchScript 17, cosine attention': () => {
      const e = script(17)
      return visionTransformer(e, {
        attention: (_, x, sizes) => cosineAttention(e, x, sizes),
        head: 'mean of the patches',
      })
    },
    'Keras 13, Einsum': () =>
      visionTransformer(kerasAround(13), {
        attention: einsumAttention,
        head: 'mean of the patches',
      }),
    'dynamo 18': () =>
      visionTransformer(dynamo(18), {
        attention: { parts: 'Split', scale: 'both' },
        head: 'class token',
      }),
    'dynamo 20, GELU by Tanh': () =>
      visionTransformer(dynamo(20), {
        attention: { parts: 'Slice', scale: 'both' },
        gelu: 'geluByTanh',
        head: 'mean of the patches',
      }),
    'dynamo 23, Attention': () =>
      visionTransformer(dynamo(23), {
        attention: { parts: 'Split', scale: 'Attention' },
        head: 'class token',
      }),
  }),
  ...transformer('Swin', {
    'TorchScript 17': () => swin(script(17), { parts: 'Split' }),
    'TorchScript 13': () => swin(script(13), { parts: 'Gather' }),
    'dynamo 20': () => swin(dynamo(20), { parts: 'Split' }),
  }),
  ...transformer('hybrid', {
    'convolutional stem, TorchScript 14': () =>
      convolutionalStem(script(14), { parts: 'three', scale: 'Div' }),
    'convolutional stem, dynamo 20': () =>
      convolutionalStem(dynamo(20), { parts: 'Split', scale: 'both' }),
    'LeViT, TorchScript 13': () => leViT(script(13)),
    'CLIP, TorchScript 17': () => attentionPooledResNet(script(17)),
    'DINOv2 with SwiGLU, dynamo 18': () =>
      gatedTransformer(dynamo(18), { parts: 'Split', scale: 'both' }),
    'MobileViT, TorchScript 17': () => mobileViT(script(17), { parts: 'Split', scale: 'both' }),
  }),
  ...transformer('MetaFormer', {
    'MLP-Mixer, TorchScript 14': () => mlpMixer(script(14)),
    'MLP-Mixer, dynamo 20': () => mlpMixer(dynamo(20)),
    'PoolFormer, TorchScript 13': () => poolFormer(script(13)),
    'PoolFormer, dynamo 21': () => poolFormer(dynamo(21)),
  }),
  ...transformer('attention pooling', {
    'global context, TorchScript 17': () => globalContextNet(script(17)),
    'selective kernels, TorchScript 13': () => selectiveKernelNet(script(13)),
    'a bag of patches, dynamo 18': () => attentionPooledBag(dynamo(18)),
  }),
]
