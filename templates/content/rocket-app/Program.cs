using Microsoft.Extensions.AI;
using Rocket.Inference;
using Rocket.Inference.Chat;
using Rocket.Inference.Generation;
using Rocket.Models.ChatTemplates;
using Rocket.Models.Tokenization;

// rocket.yaml beside the project says which model this is; the build made it smaller and laid it here.
string folder = Path.Combine(AppContext.BaseDirectory, "models", "MODEL_NAME", "small");
string prompt = string.Join(' ', args);

using RocketModel model = RocketModel.Load(folder);
if (ChatTemplate.IsIn(folder))
{
    await ChatAsync();
}
else
{
    Complete(prompt.Length > 0 ? prompt : "Anna went to the");
}

// The arguments are a question; without any, every line of the console is one.
async Task ChatAsync()
{
    using IChatClient client = new RocketChatClient(model);
    List<ChatMessage> conversation = [];
    while ((prompt.Length > 0 ? prompt : ReadLine()) is { } question)
    {
        conversation.Add(new ChatMessage(ChatRole.User, question));
        List<ChatResponseUpdate> answer = [];
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(conversation))
        {
            Console.Write(update.Text);
            answer.Add(update);
        }

        Console.WriteLine();
        conversation.AddMessages(answer);
        if (prompt.Length > 0)
        {
            break;
        }
    }
}

void Complete(string beginning)
{
    Tokenizer tokenizer = Tokenizer.Load(folder);
    GenerationDefaults defaults = GenerationDefaults.Read(folder);
    var options = new GenerationOptions { MaxTokens = 100, Sampling = defaults.Sampling };
    using InferenceSession session = model.CreateSession();
    var generation = new TextGeneration(session, tokenizer, defaults.EndTokens, tokenizer.Encode(beginning, addSpecialTokens: true), options);
    Console.Write(beginning);
    while (generation.Step() is { } text)
    {
        Console.Write(text);
    }

    Console.WriteLine();
}

static string? ReadLine()
{
    Console.Write("> ");
    return Console.ReadLine();
}
