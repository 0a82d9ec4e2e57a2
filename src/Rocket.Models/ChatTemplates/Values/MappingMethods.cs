namespace Rocket.Models.ChatTemplates.Values;

/// <summary>The methods of a dict that do not change it.</summary>
internal static class MappingMethods
{
    public static Callable? Find(MappingValue mapping, string name) => name switch
    {
        "items" => _ => mapping.Items,
        "keys" => _ => mapping.Keys,
        "values" => _ => mapping.Values,
        "copy" => _ => Copy(mapping),
        "get" => arguments => mapping.TryGet(arguments.Required(0, "key"), out object? value) ? value : arguments.Get(1, "default"),
        "pop" or "update" or "clear" or "setdefault" or "popitem"
            => _ => throw new TemplateFailure($"the dict method '{name}' would change a value, which transformers' sandbox forbids"),
        _ => null,
    };

    private static MappingValue Copy(MappingValue mapping)
    {
        var copy = new MappingValue();
        foreach ((object key, object? value) in mapping.Entries)
        {
            copy.Set(key, value);
        }

        return copy;
    }
}
