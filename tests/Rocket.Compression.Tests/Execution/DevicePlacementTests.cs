using System.Reflection;
using System.Runtime.CompilerServices;
using Rocket.Compression.Calibration;
using Rocket.Compression.Execution;
using Rocket.Compression.Native;
using Rocket.Models.Architectures;
using TorchSharp;
using static TorchSharp.torch;

namespace Rocket.Compression.Tests.Execution;

/// <summary>
/// The passes over text run where their weights lie. Checked without a second device: on libtorch's <c>meta</c> device, whose tensors
/// have shapes and no data, and which refuses most operations that mix it with another; and by what the code calls.
/// </summary>
public sealed class DevicePlacementTests
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly;

    // Methods that make tensors on the processor, and why these stay there.
    private static readonly Dictionary<string, string> OnProcessor = new(StringComparer.Ordinal)
    {
        ["TensorConversion.ToTensor"] = "bytes of a file or of managed memory",
        ["TensorConversion.ToFloat32"] = "widened before it is moved",
        ["WeightLoader.LoadRows"] = "rows of an embedding, which no device works on",
        ["DecoderExecutor.Embed"] = "rows of an embedding, which no device works on",
        ["HiddenStates.Read"] = "the overload beside it moves them",
        ["MomentSums.AddSaved"] = "sums in double",
        ["MomentSums.SumOf"] = "sums in double",
        ["MomentSums.Load"] = "sums in double",
        ["ExpertMoments.MeanEnergy"] = "sums in double",
    };

    private static readonly ComputeDevice Meta = new("meta", DeviceType.META);

    // Experts ask which tokens reach them, which is data: meta has none.
    public static TheoryData<string> Models()
    {
        var data = new TheoryData<string>();
        foreach (string name in GoldenModel.Names())
        {
            using var golden = new GoldenModel(name);
            if (golden.Spec.Blocks.All(block => block.FeedForward.Router is null))
            {
                data.Add(name);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Blocks_run_forwards_and_backwards_where_their_weights_lie(string name)
    {
        using var golden = new GoldenModel(name);
        using HiddenStates states = golden.Embed();
        using DisposeScope scope = NewDisposeScope();
        foreach (BlockSpec block in golden.Spec.Blocks)
        {
            using BlockWeights weights = BlockWeights.Load(block, new WeightLoader(golden.Checkpoint, device: Meta));
            using var executor = new BlockExecutor(block, weights);
            using var inputs = new InputRecorder();
            using var outputs = new OutputRecorder();
            Tensor hidden = states.Read(0, executor.Device).requires_grad_();
            executor.Run(hidden, inputs);
            Tensor result = executor.Run(hidden, outputs);
            Tensor[] gradients = [.. autograd.grad([result], [hidden, .. outputs.Kept.Select(output => output.Tensor)], [ones_like(result)])];
            Tensor[] all = [hidden, result, .. inputs.Kept.Select(input => input.Tensor), .. outputs.Kept.Select(output => output.Tensor), .. gradients];
            Assert.All(all, tensor => Assert.Equal(DeviceType.META, tensor.device_type));
            Assert.Equal(hidden.shape, result.shape);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_head_runs_where_its_weights_lie(string name)
    {
        using var golden = new GoldenModel(name);
        using HiddenStates states = golden.Embed();
        using DisposeScope scope = NewDisposeScope();
        using DecoderExecutor.Head head = new DecoderExecutor(golden.Spec, new WeightLoader(golden.Checkpoint, device: Meta)).LoadHead();
        Tensor hidden = states.Read(0, head.Device);
        Tensor normed = head.Norm(hidden);
        Tensor gradient = head.ProductGradient(normed, golden.Sequences[0]);
        Assert.All([normed, head.Logits(hidden), gradient, head.PullBack(gradient)], tensor => Assert.Equal(DeviceType.META, tensor.device_type));
    }

    [Fact]
    public void What_makes_a_tensor_for_a_pass_brings_it_to_the_device()
    {
        string[] makers = [.. Methods().Where(method => Calls(method).Any(IsFactory) && !Calls(method).Any(IsPlace)).Select(NameOf).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal([.. OnProcessor.Keys.Order(StringComparer.Ordinal)], makers);
    }

    [Fact]
    public void No_pass_reads_hidden_states_without_saying_where_to()
    {
        string[] readers = [.. Methods().Where(method => method.DeclaringType != typeof(HiddenStates) && Calls(method).Any(called => called.Name == nameof(HiddenStates.Read) && called.DeclaringType == typeof(HiddenStates) && called.GetParameters().Length == 1)).Select(NameOf)];
        Assert.Equal([], readers);
    }

    private static IEnumerable<MethodBase> Methods() => typeof(TorchScorer).Assembly.GetTypes()
        .Where(type => type.Namespace is "Rocket.Compression.Execution" or "Rocket.Compression.Calibration" or "Rocket.Compression.Evaluation")
        .SelectMany(type => type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared)));

    private static IEnumerable<MethodBase> Calls(MethodBase method) => CalledMethods.Of(method);

    // Tensors that are made of other tensors lie where these do.
    private static bool IsFactory(MethodBase called)
        => (called.DeclaringType == typeof(torch) && called is MethodInfo { ReturnType: { } made } && made == typeof(Tensor) && !called.GetParameters().Any(HoldsTensors))
            || (called.DeclaringType == typeof(TensorConversion) && called.Name is nameof(TensorConversion.ToTensor) or nameof(TensorConversion.ToFloat32));

    private static bool HoldsTensors(ParameterInfo parameter)
        => parameter.ParameterType == typeof(Tensor) || parameter.ParameterType == typeof(Tensor[]) || parameter.ParameterType.GenericTypeArguments.Contains(typeof(Tensor));

    private static bool IsPlace(MethodBase called) => called.DeclaringType == typeof(ComputeDevice) && called.Name == nameof(ComputeDevice.Place);

    // A lambda counts as its method's type's.
    private static string NameOf(MethodBase method)
    {
        Type type = method.DeclaringType!;
        while (type.IsDefined(typeof(CompilerGeneratedAttribute)) && type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return $"{type.Name}.{method.Name}";
    }
}
