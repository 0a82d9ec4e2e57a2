using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Rocket.Inference.Chat;
using Rocket.Inference.Generation;
using Rocket.Inference.Sampling;
using Rocket.Models.Diagnostics;
using Rocket.Models.Tokenization;

namespace Rocket.Inference.Tests.Chat;

/// <summary>With the real model: what is short runs always, the rest with ROCKET_HEAVY=1.</summary>
public sealed class RocketChatClientTests : IDisposable
{
    private static readonly int Tokens = SharedData.IsHeavy ? 64 : 10;

    private readonly CountingProcessor _drawn = new();
    private readonly RocketChatClient _client;

    public RocketChatClientTests()
        => _client = RocketChatClient.Load(SmolLm2.Folder, new RocketChatOptions { Parallelism = 8, KeptConversations = 4, Defaults = new GenerationOptions { Sampling = new SamplingOptions { Processors = [_drawn] } } });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Streamed_text_equals_the_whole_answer_and_the_usage_is_told()
    {
        List<ChatMessage> messages = [new(ChatRole.System, "You are a helpful assistant."), new(ChatRole.User, "What is the capital of France?")];
        var options = new ChatOptions { MaxOutputTokens = Tokens };
        ChatResponse whole = await _client.GetResponseAsync(messages, options, Token);
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in _client.GetStreamingResponseAsync(messages, options, Token))
        {
            updates.Add(update);
        }

        Assert.NotEmpty(whole.Text);
        Assert.Equal(whole.Text, string.Concat(updates.Select(update => update.Text)));
        Assert.True(updates.Count(update => update.Text.Length > 0) > 1);
        Assert.Contains("Paris", (await _client.GetResponseAsync(messages, new ChatOptions { MaxOutputTokens = 16 }, Token)).Text, StringComparison.Ordinal);
        Assert.Equal(_client.Encode(messages).Length, whole.Usage!.InputTokenCount);
        Assert.InRange(whole.Usage.OutputTokenCount!.Value, 1, Tokens);
        Assert.Equal(whole.Usage.InputTokenCount + whole.Usage.OutputTokenCount, whole.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task The_next_turn_reads_only_what_is_new_and_answers_the_same()
    {
        List<ChatMessage> messages = [new(ChatRole.User, "Name a colour.")];
        ChatResponse first = await _client.GetResponseAsync(messages, new ChatOptions { MaxOutputTokens = Tokens }, Token);
        messages.AddRange([new(ChatRole.Assistant, first.Text), new(ChatRole.User, "Another one.")]);
        ChatResponse second = await _client.GetResponseAsync(messages, new ChatOptions { MaxOutputTokens = Tokens }, Token);
        using RocketChatClient fresh = RocketChatClient.Load(SmolLm2.Folder, new RocketChatOptions { KeptConversations = 0 });
        ChatResponse expected = await fresh.GetResponseAsync(messages, new ChatOptions { MaxOutputTokens = Tokens }, Token);
        Assert.True(second.Usage!.CachedInputTokenCount >= first.Usage!.InputTokenCount - 1);
        Assert.Equal(0, expected.Usage!.CachedInputTokenCount);
        Assert.Equal(expected.Text, second.Text);
    }

    [Fact]
    public async Task Cancelling_stops_within_one_token()
    {
        using var source = new CancellationTokenSource();
        int drawn = 0;
        int seen = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (ChatResponseUpdate update in _client.GetStreamingResponseAsync([new(ChatRole.User, "Count from one to a hundred.")], null, source.Token))
            {
                if (++seen == 3)
                {
                    drawn = _drawn.Count;
                    await source.CancelAsync();
                }
            }
        });
        Assert.InRange(_drawn.Count, drawn, drawn + 1);
    }

    [Fact]
    public async Task Leaving_a_stream_early_stops_it_and_leaves_the_client_usable()
    {
        await foreach (ChatResponseUpdate update in _client.GetStreamingResponseAsync([new(ChatRole.User, "Count from one to a hundred.")], null, Token))
        {
            break;
        }

        int drawn = _drawn.Count;
        await Task.Delay(200, Token);
        Assert.Equal(drawn, _drawn.Count);
        Assert.NotEmpty((await _client.GetResponseAsync([new(ChatRole.User, "Hi")], new ChatOptions { MaxOutputTokens = 3 }, Token)).Text);
    }

    [Fact]
    public async Task Eight_chats_at_once_answer_as_one_after_the_other()
    {
        string[] questions = ["Say yes.", "What is 2+2?", "Name a fruit.", "Who are you?", "Is water wet?", "Name a city.", "What is a cat?", "Say hello."];
        var options = new ChatOptions { MaxOutputTokens = SharedData.IsHeavy ? 40 : 4 };
        List<string> expected = [];
        foreach (string question in questions)
        {
            expected.Add((await _client.GetResponseAsync([new(ChatRole.User, question)], options, Token)).Text);
        }

        ChatResponse[] answers = await Task.WhenAll(questions.Select(question => Task.Run(() => _client.GetResponseAsync([new(ChatRole.User, question)], options, Token), Token)));
        Assert.Equal(expected, answers.Select(answer => answer.Text));
    }

    [Fact]
    public async Task A_seed_repeats_an_answer()
    {
        List<ChatMessage> messages = [new(ChatRole.User, "Tell me a story.")];
        string[] answers = new string[3];
        for (int i = 0; i < 3; i++)
        {
            answers[i] = (await _client.GetResponseAsync(messages, new ChatOptions { MaxOutputTokens = Tokens, Temperature = 1.5f, TopK = 200, TopP = 0.98f, Seed = i < 2 ? 5 : 6 }, Token)).Text;
        }

        Assert.Equal(answers[0], answers[1]);
        Assert.NotEqual(answers[0], answers[2]);
    }

    [Fact]
    public async Task A_stop_string_ends_the_answer_before_it()
    {
        List<ChatMessage> messages = [new(ChatRole.User, "What is the capital of France?")];
        ChatResponse whole = await _client.GetResponseAsync(messages, new ChatOptions { MaxOutputTokens = 12 }, Token);
        string stop = whole.Text[5..8];
        ChatResponse stopped = await _client.GetResponseAsync(messages, new ChatOptions { MaxOutputTokens = 12, StopSequences = [stop] }, Token);
        Assert.Equal(whole.Text[..whole.Text.IndexOf(stop, StringComparison.Ordinal)], stopped.Text);
        Assert.Equal(ChatFinishReason.Stop, stopped.FinishReason);
        Assert.Equal(ChatFinishReason.Length, (await _client.GetResponseAsync(messages, new ChatOptions { MaxOutputTokens = 2 }, Token)).FinishReason);
    }

    [Fact]
    public async Task What_the_client_cannot_do_is_a_coded_error()
    {
        Assert.Equal("RKT8105", (await FailureAsync([], null)).Code);
        Assert.Equal("RKT8102", (await FailureAsync([new(ChatRole.User, "x")], new ChatOptions { TopP = 3 })).Code);
        Assert.Equal("RKT8102", (await FailureAsync([new(ChatRole.User, "x")], new ChatOptions { MaxOutputTokens = 0 })).Code);
        Assert.Equal("RKT8103", (await FailureAsync([new(ChatRole.User, "x")], new ChatOptions { ResponseFormat = ChatResponseFormat.Json })).Code);
        Assert.Equal("RKT8103", (await FailureAsync([new(ChatRole.User, [new UriContent("http://x/y.png", "image/png")])], null)).Code);
        Assert.Equal("RKT8101", (await FailureAsync([new(ChatRole.User, string.Concat(Enumerable.Repeat("word ", 9000)))], null)).Code);
    }

    [Fact]
    public void A_token_of_an_answer_allocates_less_than_a_kilobyte()
    {
        const int Warm = 4;
        int measured = SharedData.IsHeavy ? 100 : 12;
        var model = (RocketModel)_client.GetService(typeof(RocketModel))!;
        var tokenizer = (Tokenizer)_client.GetService(typeof(Tokenizer))!;
        using InferenceSession session = model.CreateSession(512);
        var generation = new TextGeneration(session, tokenizer, new HashSet<int>(), _client.Encode([new(ChatRole.User, "Tell me a story.")]), new GenerationOptions { MaxTokens = Warm + measured, Sampling = new SamplingOptions { Temperature = 0.8f, TopP = 0.9f, Seed = 1 } });
        for (int i = 0; i < Warm; i++)
        {
            generation.Step();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < measured; i++)
        {
            generation.Step();
        }

        long perToken = (GC.GetAllocatedBytesForCurrentThread() - before) / measured;
        TestContext.Current.SendDiagnosticMessage($"{perToken} bytes a token");
        Assert.True(perToken <= 1024, $"{perToken} bytes a token");
    }

    [Fact]
    public void A_container_gives_the_client()
    {
        using ServiceProvider services = new ServiceCollection().AddRocketChatClient(SmolLm2.Folder).BuildServiceProvider();
        IChatClient client = services.GetRequiredService<IChatClient>();
        Assert.Equal("smollm2-135m", client.GetService<ChatClientMetadata>()!.DefaultModelId);
        Assert.Same(client, services.GetRequiredService<IChatClient>());
    }

    private async Task<RocketException> FailureAsync(IEnumerable<ChatMessage> messages, ChatOptions? options)
        => await Assert.ThrowsAsync<RocketException>(() => _client.GetResponseAsync(messages, options, Token));
}
