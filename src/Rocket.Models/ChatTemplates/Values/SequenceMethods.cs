namespace Rocket.Models.ChatTemplates.Values;

/// <summary>The methods of a list that do not change it.</summary>
internal static class SequenceMethods
{
    public static Callable? Find(SequenceValue sequence, string name) => name switch
    {
        "index" => arguments => Index(sequence, arguments.Required(0, "value")),
        "count" => arguments => (long)sequence.Items.Count(item => Operators.AreEqual(item, arguments.Required(0, "value"))),
        "copy" => _ => sequence,
        "append" or "extend" or "insert" or "pop" or "remove" or "reverse" or "sort" or "clear"
            => _ => throw new TemplateFailure($"the list method '{name}' would change a value, which transformers' sandbox forbids"),
        _ => null,
    };

    private static long Index(SequenceValue sequence, object? wanted)
    {
        for (int i = 0; i < sequence.Items.Count; i++)
        {
            if (Operators.AreEqual(sequence.Items[i], wanted))
            {
                return i;
            }
        }

        throw new TemplateFailure($"{PythonText.Repr(wanted)} is not in list");
    }
}
