using System.Globalization;
using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Library;

/// <summary>The <c>attribute</c> argument of filters: an index, or names with dots between them.</summary>
internal static class MemberPath
{
    /// <summary>What takes the member from an item; a missing one is undefined, or the fallback where there is one.</summary>
    public static Func<object?, object?> Of(object? attribute, RenderState state, object? fallback = null)
    {
        object?[] steps = attribute is string text
            ? [.. text.Split('.').Select(step => long.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out long index) ? (object?)index : step)]
            : [attribute];
        return item =>
        {
            foreach (object? step in steps)
            {
                item = Members.Item(item, step, state);
                if (item is Undefined && fallback is not null)
                {
                    return fallback;
                }
            }

            return item;
        };
    }
}
