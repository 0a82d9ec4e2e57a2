using System.Reflection;
using Rocket.Compression.Execution;
using TorchSharp;

namespace Rocket.Compression.Tests.Execution;

/// <summary>No operation may get a scalar that the garbage collector can free under it: see <c>TensorArithmetic</c>.</summary>
public sealed class ScalarLifetimeTests
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly;

    private readonly Dictionary<MethodBase, bool> _makesScalars = [];

    [Fact]
    public void No_method_but_those_that_keep_them_makes_scalars()
    {
        string[] calls = [.. typeof(TorchScorer).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared)))
            .Where(method => method.DeclaringType!.Name != "TensorArithmetic")
            .SelectMany(method => CalledMethods.Of(method)
                .Where(called => IsTorchSharp(called) && MakesScalars(called, depth: 4))
                .Select(called => $"{method.DeclaringType!.Name}.{method.Name} calls {called.DeclaringType!.Name}.{called}"))
            .Distinct()];
        Assert.Equal([], calls);
    }

    [Fact]
    public void The_search_knows_the_operations_that_make_them()
    {
        Assert.True(MakesScalars(typeof(torch.Tensor).GetMethod("op_Addition", [typeof(torch.Tensor), typeof(torch.Tensor)])!, depth: 4));
        Assert.True(MakesScalars(typeof(torch.Tensor).GetMethod(nameof(torch.Tensor.square), [])!, depth: 4));
        Assert.False(MakesScalars(typeof(torch.Tensor).GetMethod(nameof(torch.Tensor.mul), [typeof(torch.Tensor)])!, depth: 4));
    }

    private static bool IsTorchSharp(MethodBase method) => method.DeclaringType?.Assembly == typeof(Scalar).Assembly;

    // Whether a method of TorchSharp makes a Scalar of its own, directly or in what it calls.
    private bool MakesScalars(MethodBase method, int depth)
    {
        if (!_makesScalars.TryGetValue(method, out bool known))
        {
            _makesScalars[method] = false;
            known = (method.DeclaringType == typeof(Scalar) && (method.IsConstructor || method.Name == "op_Implicit"))
                || (depth > 0 && IsTorchSharp(method) && CalledMethods.Of(method).Any(called => MakesScalars(called, depth - 1)));
            _makesScalars[method] = known;
        }

        return known;
    }
}
