using System.Text;

namespace Rocket.Inference.Generation;

/// <summary>Ends a text before the first stop string, and holds back what may become one.</summary>
public sealed class StopMatcher
{
    private readonly IReadOnlyList<string> _stops;
    private readonly StringBuilder _held = new();

    /// <summary>Looks for any of the strings; empty ones do not count.</summary>
    public StopMatcher(IEnumerable<string> stops) => _stops = [.. stops.Where(stop => stop.Length > 0)];

    /// <summary>Whether a stop string came.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Takes text and returns what of it is certain to stand before any stop string.</summary>
    public string Append(string text)
    {
        if (IsStopped || _stops.Count == 0)
        {
            return IsStopped ? "" : text;
        }

        string all = _held.Append(text).ToString();
        _held.Clear();
        int end = _stops.Select(stop => all.IndexOf(stop, StringComparison.Ordinal)).Where(place => place >= 0).DefaultIfEmpty(-1).Min();
        if (end >= 0)
        {
            IsStopped = true;
            return all[..end];
        }

        int certain = all.Length - LongestBeginning(all);
        _held.Append(all, certain, all.Length - certain);
        return all[..certain];
    }

    /// <summary>The text that was held back, at the end.</summary>
    public string Flush()
    {
        string held = _held.ToString();
        _held.Clear();
        return held;
    }

    private int LongestBeginning(string text)
    {
        int longest = 0;
        foreach (string stop in _stops)
        {
            for (int length = Math.Min(stop.Length - 1, text.Length); length > longest; length--)
            {
                if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length)))
                {
                    longest = length;
                }
            }
        }

        return longest;
    }
}
