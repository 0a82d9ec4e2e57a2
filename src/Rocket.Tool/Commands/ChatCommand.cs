using System.CommandLine;
using System.Diagnostics;
using Microsoft.Extensions.AI;
using Rocket.Inference.Chat;
using Rocket.Tool.Output;

namespace Rocket.Tool.Commands;

/// <summary><c>rocket chat</c>: a conversation in the terminal.</summary>
internal static class ChatCommand
{
    private const string Reset = "/reset";
    private const string Exit = "/exit";

    public static Command Create(GlobalOptions globals)
    {
        var model = new ChatModelOptions();
        var system = new Option<string?>("--system") { Description = "What the model is told before the conversation.", HelpName = "TEXT" };
        var temperature = new Option<float?>("--temperature") { Description = "0 takes the most probable token; by default what the model's author chose.", HelpName = "T" };
        var topP = new Option<float?>("--top-p") { Description = "Draw from the most probable tokens that reach this sum.", HelpName = "P" };
        var seed = new Option<long?>("--seed") { Description = "Makes the answers repeatable.", HelpName = "N" };
        var most = new Option<int>("--max-tokens") { Description = "Longest answer.", DefaultValueFactory = _ => 1024, HelpName = "N" };
        var command = new Command("chat", $"Chat with a model. {Reset} begins anew, {Exit} ends.") { system, temperature, topP, seed, most };
        model.AddTo(command);
        ExampleHelp.WithExample(command, "dotnet rocket chat out/smollm2/r30 --system \"Answer in one sentence.\"");
        return globals.SetAction(command, (parsed, session) =>
        {
            using RocketChatClient client = model.Load(parsed, parallelism: 1, kept: 1);
            var options = new ChatOptions
            {
                Instructions = parsed.GetValue(system),
                Temperature = parsed.GetValue(temperature),
                TopP = parsed.GetValue(topP),
                Seed = parsed.GetValue(seed),
                MaxOutputTokens = parsed.GetValue(most),
            };
            TalkAsync(client, options, Console.In, session).GetAwaiter().GetResult();
            return 0;
        });
    }

    /// <summary>Answers one line after another, until the input ends.</summary>
    internal static async Task TalkAsync(IChatClient client, ChatOptions options, TextReader input, Session session)
    {
        List<ChatMessage> conversation = [];
        while (true)
        {
            session.Terminal.ErrorWriter.Write(session.IsJson ? "" : "> ");
            string? line = await input.ReadLineAsync(session.CancellationToken);
            switch (line?.Trim())
            {
                case null or Exit:
                    return;
                case "":
                    continue;
                case Reset:
                    conversation.Clear();
                    continue;
            }

            conversation.Add(new ChatMessage(ChatRole.User, line));
            conversation.Add(new ChatMessage(ChatRole.Assistant, await AnswerAsync(client, options, conversation, session)));
        }
    }

    private static async Task<string> AnswerAsync(IChatClient client, ChatOptions options, List<ChatMessage> conversation, Session session)
    {
        var answer = new System.Text.StringBuilder();
        UsageDetails? usage = null;
        long start = Stopwatch.GetTimestamp();
        TimeSpan first = TimeSpan.Zero;
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(conversation, options, session.CancellationToken))
        {
            first = first == TimeSpan.Zero ? Stopwatch.GetElapsedTime(start) : first;
            usage = update.Contents.OfType<UsageContent>().LastOrDefault()?.Details ?? usage;
            answer.Append(update.Text);
            if (!session.IsJson)
            {
                await session.Terminal.OutWriter.WriteAsync(Printable.Text(update.Text));
                await session.Terminal.OutWriter.FlushAsync(session.CancellationToken);
            }
        }

        Report(session, answer.ToString(), usage, first, Stopwatch.GetElapsedTime(start));
        return answer.ToString();
    }

    private static void Report(Session session, string answer, UsageDetails? usage, TimeSpan first, TimeSpan whole)
    {
        long tokens = usage?.OutputTokenCount ?? 0;
        double rate = tokens > 1 && whole > first ? (tokens - 1) / (whole - first).TotalSeconds : 0;
        if (session.IsJson)
        {
            JsonOutput.WriteLine(session.Terminal, new System.Text.Json.Nodes.JsonObject
            {
                ["answer"] = answer,
                ["inputTokens"] = usage?.InputTokenCount,
                ["cachedTokens"] = usage?.CachedInputTokenCount,
                ["outputTokens"] = tokens,
                ["firstTokenSeconds"] = first.TotalSeconds,
                ["tokensPerSecond"] = rate,
            });
            return;
        }

        session.Terminal.OutWriter.WriteLine();
        if (session.Verbosity != Verbosity.Quiet)
        {
            session.Terminal.ErrorWriter.WriteLine(FormattableString.Invariant(
                $"[{usage?.InputTokenCount} tokens read, {usage?.CachedInputTokenCount} of them known; {tokens} written, {rate:0.0} tokens/s, first after {first.TotalSeconds:0.00} s]"));
        }
    }
}
