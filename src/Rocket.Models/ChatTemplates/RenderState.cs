using System.Runtime.CompilerServices;
using System.Text;

namespace Rocket.Models.ChatTemplates;

/// <summary>One rendering: the text so far, the line it is at, and what it has used of its limits.</summary>
internal sealed class RenderState(ChatTemplateLimits limits, DateTimeOffset now)
{
    private const int CharactersAStep = 64;
    private const int GlobalRange = 100_000;

    private StringBuilder _output = new();
    private long _steps;
    private int _depth;

    /// <summary>The time that <c>strftime_now</c> tells.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>The template's line that is being rendered, from 1.</summary>
    public int Line { get; set; } = 1;

    /// <summary>The text so far.</summary>
    public string Text => _output.ToString();

    /// <summary>The longest range, which is the one of Jinja's sandbox.</summary>
    public static int LongestRange => GlobalRange;

    /// <summary>Counts one node of the template, and how deep it lies.</summary>
    public void Enter()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        Charge(1);
        if (++_depth > limits.Depth)
        {
            throw new TemplateLimit($"it nests deeper than {limits.Depth}");
        }
    }

    public void Leave() => _depth--;

    public void Write(string text)
    {
        Allocate(1, (long)_output.Length + text.Length, text.Length);
        _output.Append(text);
    }

    /// <summary>Renders to a text of its own, as macros and block sets do.</summary>
    public string Capture(Action render)
    {
        StringBuilder outer = _output;
        _output = new StringBuilder();
        render();
        string text = _output.ToString();
        _output = outer;
        return text;
    }

    /// <summary>Refuses a text or list that would be too long, before it is made.</summary>
    public void Allocate(long size, long count, long? cost = null)
    {
        long length = size == 0 ? 0 : Math.Min(count, long.MaxValue / 2 / Math.Max(size, 1)) * size;
        if (length > limits.Length || count > int.MaxValue)
        {
            throw new TemplateLimit($"it makes a text or list longer than {limits.Length}");
        }

        Charge((cost ?? length) / CharactersAStep);
    }

    private void Charge(long cost)
    {
        _steps += cost;
        if (_steps > limits.Steps)
        {
            throw new TemplateLimit($"it takes more than {limits.Steps} steps");
        }
    }
}
