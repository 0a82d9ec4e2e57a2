using System.Reflection;
using System.Reflection.Emit;

namespace Rocket.Compression.Tests.Execution;

/// <summary>Reads from a method's IL which methods it calls.</summary>
internal static class CalledMethods
{
    private static readonly Dictionary<ushort, OpCode> OpCodesByValue = typeof(OpCodes).GetFields().Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (ushort)code.Value);

    public static IEnumerable<MethodBase> Of(MethodBase method)
    {
        byte[] il = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (int position = 0; position < il.Length;)
        {
            OpCode code = OpCodesByValue[il[position] == 0xfe ? (ushort)(0xfe00 | il[++position]) : il[position]];
            position++;
            if (code.OperandType == OperandType.InlineMethod)
            {
                Type[]? ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
                yield return method.Module.ResolveMethod(BitConverter.ToInt32(il, position), method.DeclaringType?.GetGenericArguments(), ofMethod)!;
            }

            position += OperandSize(code, il, position);
        }
    }

    private static int OperandSize(OpCode code, byte[] il, int position) => code.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, position)),
        _ => 4,
    };
}
