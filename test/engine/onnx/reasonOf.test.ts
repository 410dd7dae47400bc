import { expect, test } from 'vitest'
import { reasonOf } from '../../../src/engine/onnx/reasonOf'

const reason = (message: string): string => reasonOf(new Error(message))

// As ONNX Runtime 1.30 words them.
test.each([
  [
    "Non-zero status code returned while running Pad node. Name:'/pad1/Pad' Status Message: /onnxruntime_src/onnxruntime/core/providers/cpu/tensor/padbase.h:122 static void onnxruntime::PadBase::ComputePadsImpl(KernelContextType&, size_t, gsl::span<const long int>, PadsVector&) [with KernelContextType = onnxruntime::OpKernelContext; size_t = long unsigned int; PadsVector = absl::lts_20250814::InlinedVector<long int, 10, std::allocator<long int> >] pads_data.size() == 2 * data_rank was false. Pads tensor size should be equal to twice the input dimension count \n",
    'node “/pad1/Pad” (Pad): Pads tensor size should be equal to twice the input dimension count.',
  ],
  [
    "Non-zero status code returned while running Conv node. Name:'r_nchwc' Status Message: kernel_shape is not compatible",
    'node “r” (Conv): kernel_shape is not compatible.',
  ],
  [
    "Non-zero status code returned while running FusedConv node. Name:'c' Status Message: conv.cc:261 Compute Conv : bias must be a 1D tensor",
    'node “c” (Conv): bias must be a 1D tensor.',
  ],
  [
    'Node (y) Op (Gemm) [ShapeInferenceError] Input 0 expected to have rank 2 but has rank 4 in .',
    'node “y” (Gemm): Input 0 expected to have rank 2 but has rank 4.',
  ],
  [
    "Exception during initialization: /onnxruntime_src/onnxruntime/core/providers/cpu/tensor/padbase.h:236 onnxruntime::PadBase::PadBase(const KernelInfoType&) [with KernelInfoType = onnxruntime::OpKernelInfo] Invalid 'mode' attribute value\n",
    "Exception during initialization: Invalid 'mode' attribute value.",
  ],
  [
    '/onnxruntime_src/onnxruntime/core/graph/graph.cc:1295 onnxruntime::Graph::Graph(const onnxruntime::Model&, onnx::GraphProto*, const std::unordered_map<std::__cxx11::basic_string<char>, int>&, onnxruntime::Version, onnxruntime::IOnnxRuntimeOpSchemaCollectionPtr, onnxruntime::Graph*, const onnxruntime::Node*, const onnxruntime::logging::Logger&, bool) [ONNXRuntimeError] : 1 : FAIL : tensorprotoutils.cc:2128 ConstantNodeProtoToTensorProto Constant node: /pad1/Constant_7 has no data attributes\n',
    'Constant node: /pad1/Constant_7 has no data attributes.',
  ],
  [
    '/onnxruntime_src/onnxruntime/core/providers/webgpu/webgpu_context.cc:136 onnxruntime::webgpu::WebGpuContext::Initialize(const onnxruntime::webgpu::WebGpuContextConfig&)::<lambda()> adapter_result.status == wgpu::RequestAdapterStatus::Success was false. Failed to get a WebGPU adapter: No supported adapters\n',
    'Failed to get a WebGPU adapter: No supported adapters.',
  ],
  [
    'This is an invalid model. In Node, ("/1/Relu", Relu, "", -1) : ("/0/Conv_output_0": tensor(float),) -> ("/1/Relu_output_0",) , Error Unrecognized attribute: alpha for operator Relu',
    'node “/1/Relu” (Relu): Unrecognized attribute: alpha for operator Relu.',
  ],
  ['Fatal error: com.example:Magic(-1) is not a registered function/op', 'Fatal error: com.example:Magic(-1) is not a registered function/op.'], // prettier-ignore
  ['Exception during initialization: \nInteger division by zero', 'Exception during initialization: Integer division by zero.'], // prettier-ignore
])('%s', (message, expected) => {
  expect(reason(message)).toBe(expected)
})

test('a name of megabytes takes no time and little room', () => {
  const name = `${'z'.repeat(5_000_000)}onnxruntime_src`
  const started = performance.now()
  expect(reason(`Node (${name}) Op (Conv)`).length).toBeLessThan(310)
  expect(performance.now() - started).toBeLessThan(1000)
})
