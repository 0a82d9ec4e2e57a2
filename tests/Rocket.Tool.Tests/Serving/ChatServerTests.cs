using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using OpenAI;
using Rocket.Tool.Serving;

namespace Rocket.Tool.Tests.Serving;

public sealed class ChatServerTests(ServedModel served) : IClassFixture<ServedModel>
{
    private const string Chat = "/v1/chat/completions";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_models_are_listed()
    {
        using HttpClient http = served.CreateHttp();
        JsonNode list = (await http.GetFromJsonAsync<JsonNode>("/v1/models", Token))!;
        Assert.Equal("list", (string)list["object"]!);
        Assert.Equal(ServedModel.Model, (string)list["data"]![0]!["id"]!);
        Assert.Equal(ServedModel.Model, (string)(await http.GetFromJsonAsync<JsonNode>($"/v1/models/{ServedModel.Model}", Token))!["id"]!);
    }

    [Fact]
    public async Task An_answer_has_the_form_of_OpenAIs_and_streams_to_the_same_text()
    {
        using HttpClient http = served.CreateHttp();
        JsonObject request = Question("What is the capital of France?", 8);
        JsonNode whole = JsonNode.Parse(await (await http.PostAsJsonAsync(Chat, request, Token)).EnsureSuccessStatusCode().Content.ReadAsStringAsync(Token))!;
        Assert.Equal("chat.completion", (string)whole["object"]!);
        Assert.Equal("assistant", (string)whole["choices"]![0]!["message"]!["role"]!);
        Assert.Equal((int)whole["usage"]!["total_tokens"]!, (int)whole["usage"]!["prompt_tokens"]! + (int)whole["usage"]!["completion_tokens"]!);
        request["stream"] = true;
        request["stream_options"] = new JsonObject { ["include_usage"] = true };
        HttpResponseMessage response = await http.PostAsJsonAsync(Chat, request, Token);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        string[] events = (await response.Content.ReadAsStringAsync(Token)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(events, line => Assert.StartsWith("data: ", line, StringComparison.Ordinal));
        Assert.Equal("data: [DONE]", events[^1]);
        JsonNode[] chunks = [.. events[..^1].Select(line => JsonNode.Parse(line["data: ".Length..])!)];
        string text = string.Concat(chunks.Where(chunk => chunk["choices"]!.AsArray().Count > 0).Select(chunk => (string?)chunk["choices"]![0]!["delta"]!["content"] ?? ""));
        Assert.Equal((string)whole["choices"]![0]!["message"]!["content"]!, text);
        Assert.Equal((string)whole["choices"]![0]!["finish_reason"]!, (string)chunks[^2]["choices"]![0]!["finish_reason"]!);
        Assert.Equal((int)whole["usage"]!["completion_tokens"]!, (int)chunks[^1]["usage"]!["completion_tokens"]!);
    }

    [Fact]
    public async Task The_client_of_Microsoft_Extensions_AI_OpenAI_chats_with_it()
    {
        using IChatClient client = CreateOpenAI(ServedModel.Key);
        List<ChatMessage> messages = [new(ChatRole.System, "Be brief."), new(ChatRole.User, "What is the capital of France?")];
        var options = new ChatOptions { MaxOutputTokens = 4, Temperature = 0, Seed = 1, StopSequences = ["zzz"] };
        ChatResponse whole = await client.GetResponseAsync(messages, options, Token);
        List<string> pieces = [];
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(messages, options, Token))
        {
            pieces.Add(update.Text);
        }

        Assert.NotEmpty(whole.Text);
        Assert.Equal(whole.Text, string.Concat(pieces));
        Assert.Equal(ChatFinishReason.Length, whole.FinishReason);
        Assert.Equal(4, whole.Usage!.OutputTokenCount);
    }

    [Fact]
    public async Task Thirty_two_clients_at_once_get_their_own_answers()
    {
        string[] words = ["red", "dog", "sun", "tea"];
        using HttpClient http = served.CreateHttp();
        Dictionary<string, string> expected = [];
        foreach (string word in words)
        {
            expected[word] = await AnswerAsync(http, word);
        }

        string[] answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(async i =>
        {
            using HttpClient own = served.CreateHttp();
            return await AnswerAsync(own, words[i % words.Length]);
        }));
        Assert.Equal(Enumerable.Range(0, 32).Select(i => expected[words[i % words.Length]]), answers);
    }

    [Theory]
    [InlineData("{", 400, "RKT8110")]
    [InlineData("[]", 400, "RKT8110")]
    [InlineData("{}", 400, "RKT8110")]
    [InlineData("""{"messages": "hi"}""", 400, "RKT8110")]
    [InlineData("""{"messages": [1]}""", 400, "RKT8110")]
    [InlineData("""{"messages": [{"content": "x"}]}""", 400, "RKT8110")]
    [InlineData("""{"messages": [{"role": "user", "content": 5}]}""", 400, "RKT8110")]
    [InlineData("""{"messages": []}""", 400, "RKT8105")]
    [InlineData("""{"messages": [{"role": "user", "content": "x"}], "temperature": "hot"}""", 400, "RKT8110")]
    [InlineData("""{"messages": [{"role": "user", "content": "x"}], "top_p": 7}""", 400, "RKT8102")]
    [InlineData("""{"messages": [{"role": "user", "content": "x"}], "max_tokens": -1, "stream": true}""", 400, "RKT8102")]
    [InlineData("""{"messages": [{"role": "user", "content": "x"}], "n": 2}""", 400, "RKT8103")]
    [InlineData("""{"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}""", 400, "RKT8103")]
    [InlineData("""{"messages": [{"role": "user", "content": "x"}], "response_format": {"type": "json_object"}}""", 400, "RKT8103")]
    [InlineData("""{"messages": [{"role": "user", "content": "x"}], "model": "gpt-4"}""", 404, "RKT8112")]
    [InlineData("""{"messages": [{"role": "assistant", "content": "x", "tool_calls": [{"function": {"name": "f", "arguments": "["}}]}]}""", 400, "RKT8110")]
    public async Task A_bad_request_is_answered_with_a_code(string body, int status, string code)
    {
        using HttpClient http = served.CreateHttp();
        await AssertFailsAsync(await http.PostAsync(Chat, Json(body), Token), status, code);
    }

    [Fact]
    public async Task Wrong_keys_addresses_types_hosts_and_lengths_have_codes()
    {
        using HttpClient http = served.CreateHttp();
        await AssertFailsAsync(await http.GetAsync(new Uri("/v2", UriKind.Relative), Token), 404, "RKT8112");
        await AssertFailsAsync(await http.PostAsync(Chat, new StringContent("{}", Encoding.UTF8, "text/plain"), Token), 415, "RKT8115");
        await AssertFailsAsync(await http.PostAsync(Chat, Json(Question(new string('x', 1 << 17), 1).ToJsonString()), Token), 413, "RKT8114");
        using HttpRequestMessage foreign = new(HttpMethod.Get, "/v1/models");
        foreign.Headers.Host = "evil.example";
        await AssertFailsAsync(await http.SendAsync(foreign, Token), 403, "RKT8117");
        using HttpClient stranger = new() { BaseAddress = served.Address };
        await AssertFailsAsync(await stranger.GetAsync(new Uri("/v1/models", UriKind.Relative), Token), 401, "RKT8111");
        stranger.DefaultRequestHeaders.Authorization = new("Bearer", "guess");
        await AssertFailsAsync(await stranger.GetAsync(new Uri("/v1/models", UriKind.Relative), Token), 401, "RKT8111");
    }

    [Fact]
    public async Task A_client_that_cuts_its_request_or_stops_reading_leaves_the_server_well()
    {
        string body = Question("Count from one to a hundred.", 400).ToJsonString().Replace("\"max_tokens\"", "\"stream\":true,\"max_tokens\"", StringComparison.Ordinal);
        string head = $"POST {Chat} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {ServedModel.Key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n";
        foreach (string sent in (string[])[head, head + body[..20], head + body, "POST " + Chat])
        {
            for (int i = 0; i < 4; i++)
            {
                using TcpClient socket = new();
                await socket.ConnectAsync(IPAddress.Loopback, served.Address.Port, Token);
                await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(sent), Token);
                await Task.Delay(50, Token);
            }
        }

        using HttpClient http = served.CreateHttp();
        Assert.NotEmpty(await AnswerAsync(http, "tea"));
    }

    [Fact]
    public async Task A_client_that_takes_too_long_for_its_headers_is_sent_away()
    {
        await using ChatServer server = await served.StartAnotherAsync(options => options with { HeadersTimeout = TimeSpan.FromSeconds(1) });
        using TcpClient socket = new();
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(server.Address).Port, Token);
        NetworkStream stream = socket.GetStream();
        byte[] buffer = new byte[1024];
        Task<int> answer = stream.ReadAsync(buffer, Token).AsTask();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {Chat} HTTP/1.1\r\nHost: localhost\r\n"), Token);

        // A line every little while: activity alone does not save it.
        for (int i = 0; await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(200), Token)) != answer; i++)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"X-Slow-{i}: 1\r\n"), Token);
        }

        Assert.StartsWith("HTTP/1.1 408 ", Encoding.ASCII.GetString(buffer, 0, await answer), StringComparison.Ordinal);
        using HttpClient http = served.CreateHttp();
        Assert.NotEmpty(await AnswerAsync(http, "tea"));
    }

    [Fact]
    public async Task A_thousand_requests_leave_the_memory_as_it_was()
    {
        using HttpClient http = served.CreateHttp();
        (int warm, int measured) = SharedData.IsHeavy ? (200, 1000) : (5, 10);
        await AskAsync(http, warm);
        long before = Settled();
        await AskAsync(http, measured);
        long growth = Settled() - before;
        TestContext.Current.SendDiagnosticMessage($"{growth} bytes over {measured} requests");
        Assert.True(growth < 1 << 20, $"{growth} bytes over {measured} requests");
    }

    private static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static async Task AskAsync(HttpClient http, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await AnswerAsync(http, "tea", 1);
        }
    }

    private static async Task<string> AnswerAsync(HttpClient http, string word, int most = 3)
    {
        HttpResponseMessage response = await http.PostAsJsonAsync(Chat, Question($"Say {word}.", most), Token);
        return (string)JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Token))!["choices"]![0]!["message"]!["content"]!;
    }

    private static JsonObject Question(string text, int most) => new()
    {
        ["model"] = ServedModel.Model,
        ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }),
        ["temperature"] = 0,
        ["max_tokens"] = most,
    };

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static async Task AssertFailsAsync(HttpResponseMessage response, int status, string code)
    {
        string text = await response.Content.ReadAsStringAsync(Token);
        Assert.Equal(status, (int)response.StatusCode);
        JsonNode error = JsonNode.Parse(text)!["error"]!;
        Assert.Equal(code, (string)error["code"]!);
        Assert.NotEmpty((string)error["message"]!);
    }

    private IChatClient CreateOpenAI(string key)
        => new OpenAIClient(new System.ClientModel.ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = new Uri(served.Address, "/v1") }).GetChatClient(ServedModel.Model).AsIChatClient();
}
