using System.CommandLine;
using System.Globalization;
using Rocket.Pipeline.Stages;
using Rocket.Tool.Diagnostics;

namespace Rocket.Tool.Commands;

/// <summary>Which phase of a build, and which machine's part of it.</summary>
internal sealed class PhaseOptions
{
    private const string IndexVariable = "JOB_COMPLETION_INDEX";
    private const int MostShards = 1 << 16;

    private readonly Option<string?> _until = new("--until")
    {
        Description = "Do one phase, leave what it computes in the caches and write no artifact: calibrate, profile or factorize.",
        HelpName = "PHASE",
    };

    private readonly Option<string?> _shard = new("--shard")
    {
        Description = $"With --until: only this machine's part, such as 3/16 for the third of sixteen. /16 takes the part from {IndexVariable}, which Kubernetes counts from 0.",
        HelpName = "I/N",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_until);
        command.Options.Add(_shard);
    }

    /// <summary>The phase and the part of it, or null for a whole build.</summary>
    public (BuildPhase Phase, Shard Shard)? Read(ParseResult parsed)
    {
        string? phase = parsed.GetValue(_until);
        string? shard = parsed.GetValue(_shard);
        if (phase is null)
        {
            return shard is null ? null : throw CommandLineErrors.Needs("--shard", "--until");
        }

        string[] names = [.. Enum.GetNames<BuildPhase>().Select(name => name.ToLowerInvariant())];
        return names.Contains(phase, StringComparer.OrdinalIgnoreCase)
            ? (Enum.Parse<BuildPhase>(phase, ignoreCase: true), shard is null ? Shard.Whole : ReadShard(shard, Environment.GetEnvironmentVariable(IndexVariable)))
            : throw CommandLineErrors.BadValue("--until", phase, $"one of {string.Join(", ", names)}");
    }

    internal static Shard ReadShard(string text, string? completionIndex)
    {
        string[] parts = text.Split('/');
        if (parts.Length != 2 || Number(parts[1]) is not { } count || count is < 1 or > MostShards)
        {
            throw CommandLineErrors.BadValue("--shard", text, $"a part and a number of parts up to {MostShards}, such as 3/16");
        }

        if (parts[0].Length > 0)
        {
            return Number(parts[0]) is { } index && index >= 1 && index <= count
                ? new Shard(index, count)
                : throw CommandLineErrors.BadValue("--shard", text, $"a part from 1 to {count}, and a number of parts");
        }

        return completionIndex is null ? throw CommandLineErrors.Needs($"--shard {text}", $"the part before the slash, or set {IndexVariable}")
            : Number(completionIndex) is { } zeroBased && zeroBased < count ? new Shard(zeroBased + 1, count)
            : throw CommandLineErrors.BadValue(IndexVariable, completionIndex, $"a whole number from 0 to {count - 1}");
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
