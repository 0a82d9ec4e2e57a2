using System.Collections.Immutable;
using System.CommandLine;
using Rocket.Pipeline.Manifest;
using Rocket.Tool.Diagnostics;

namespace Rocket.Tool.Commands;

/// <summary>Which manifest, and which of its models and budgets.</summary>
internal sealed class ManifestOptions
{
    public const string DefaultManifest = "rocket.yaml";

    private readonly Argument<string> _manifest = new("manifest")
    {
        Description = "The manifest.",
        DefaultValueFactory = _ => DefaultManifest,
    };

    private readonly Option<string[]> _models = new("--model") { Description = "Only the model of this name; may be repeated.", HelpName = "NAME" };

    private readonly Option<string[]> _budgets = new("--budget") { Description = "Only the budget of this name; may be repeated.", HelpName = "NAME" };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_manifest);
        command.Options.Add(_models);
        command.Options.Add(_budgets);
    }

    /// <summary>Reads the manifest and keeps the models and budgets that were asked for.</summary>
    public RocketManifest Read(ParseResult parsed)
    {
        RocketManifest manifest = ManifestReader.Read(parsed.GetValue(_manifest)!);
        string[] models = parsed.GetValue(_models) ?? [];
        string[] budgets = parsed.GetValue(_budgets) ?? [];
        RequireKnown("--model", models, manifest.Models.Select(model => model.Name));
        ImmutableArray<ModelManifest> chosen = [.. manifest.Models.Where(model => models.Length == 0 || models.Contains(model.Name))];
        RequireKnown("--budget", budgets, chosen.SelectMany(model => model.Budgets).Select(budget => budget.Name).Distinct());
        return manifest with
        {
            Models =
            [
                .. chosen
                    .Select(model => model with { Budgets = [.. model.Budgets.Where(budget => budgets.Length == 0 || budgets.Contains(budget.Name))] })
                    .Where(model => model.Budgets.Length > 0),
            ],
        };
    }

    private static void RequireKnown(string option, string[] asked, IEnumerable<string> known)
    {
        string[] names = [.. known];
        if (asked.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
        {
            throw CommandLineErrors.BadValue(option, unknown, $"one of {string.Join(", ", names)}");
        }
    }
}
