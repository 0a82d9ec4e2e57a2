using System.Collections.Immutable;
using System.Text.Json;
using Rocket.Compression.Evaluation;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Corpora;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Tasks;

/// <summary>Reads zero-shot tasks: <c>.jsonl</c>, an item a line.</summary>
public static class TaskReader
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true };

    /// <summary>The items of a file.</summary>
    /// <remarks>
    /// <c>multiple_choice</c>: <c>context</c>, <c>choices</c>, <c>gold</c>; <c>partial_context</c>: <c>contexts</c>, <c>target</c>, <c>gold</c>;
    /// <c>last_word</c>: <c>context</c>, <c>target</c>. Blank lines are skipped, other members left aside.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="limit">Most items, from the first on; null: all.</param>
    /// <exception cref="RocketException">RKT3121: a line is no item; RKT3122: there is none; RKT3108, RKT3111: the file cannot be read.</exception>
    public static ImmutableArray<TaskItem> Read(string path, int? limit)
    {
        var items = ImmutableArray.CreateBuilder<TaskItem>();
        int line = 0;
        foreach (string content in Utf8Lines.Read(path))
        {
            line++;
            if (items.Count == limit)
            {
                break;
            }

            if (!string.IsNullOrWhiteSpace(content))
            {
                items.Add(Parse(content, new SourceLocation(path, line, 1)));
            }
        }

        return items.Count > 0 ? items.ToImmutable() : throw TaskErrors.NoItems(path);
    }

    private static TaskItem Parse(string content, SourceLocation location)
    {
        try
        {
            Line line = JsonSerializer.Deserialize<Line>(content, Options) ?? throw new JsonException("It is empty.");
            return line.Kind switch
            {
                "multiple_choice" => Choice(TaskKind.MultipleChoice, line.Gold, [.. Needed(line.Choices, "choices").Select(choice => new TaskRequest(Needed(line.Context, "context"), choice))]),
                "partial_context" => Choice(TaskKind.PartialContext, line.Gold, [.. Needed(line.Contexts, "contexts").Select(context => new TaskRequest(context, Needed(line.Target, "target")))]),
                "last_word" => new TaskItem(TaskKind.LastWord, [Checked(new TaskRequest(Needed(line.Context, "context"), Needed(line.Target, "target")))], 0),
                _ => throw new JsonException($"Its kind is \"{line.Kind}\" instead of multiple_choice, partial_context or last_word."),
            };
        }
        catch (JsonException exception)
        {
            throw TaskErrors.NoItem(location, exception.Message.Split(" Path:")[0], exception);
        }
    }

    private static TaskItem Choice(TaskKind kind, int? gold, ImmutableArray<TaskRequest> requests)
    {
        foreach (TaskRequest request in requests)
        {
            Checked(request);
        }

        return requests.Length < 2 ? throw new JsonException($"It has {requests.Length} to choose from.")
            : gold is not { } right || right < 0 || right >= requests.Length ? throw new JsonException($"Its gold is {gold?.ToString() ?? "missing"}; it counts from 0 to {requests.Length - 1}.")
            : new TaskItem(kind, requests, right);
    }

    private static TaskRequest Checked(TaskRequest request)
        => string.IsNullOrWhiteSpace(request.Context) || request.Continuation.Length == 0 ? throw new JsonException("A context or a continuation is empty.") : request;

    private static T Needed<T>(T? value, string name)
        where T : class
        => value ?? throw new JsonException($"It has no \"{name}\".");

    private sealed record Line(
        string? Kind, string? Context, string? Target, int? Gold, string[]? Choices, string[]? Contexts);
}
