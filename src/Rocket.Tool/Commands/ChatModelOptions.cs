using System.CommandLine;
using Rocket.Inference;
using Rocket.Inference.Chat;
using Rocket.Tool.Diagnostics;

namespace Rocket.Tool.Commands;

/// <summary>The arguments of commands that chat: a model's folder and the threads that run it.</summary>
internal sealed class ChatModelOptions
{
    private const int MostThreads = 1024;

    private readonly Argument<string> _folder = new("model") { Description = "Folder of a chat model: an artifact, or a dense model in Hugging Face layout." };

    private readonly Option<int> _threads = new("--threads") { Description = "Threads at work; by default one a processor.", HelpName = "N" };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_folder);
        command.Options.Add(_threads);
    }

    /// <summary>The folder as the user wrote it.</summary>
    public string Folder(ParseResult parsed) => parsed.GetValue(_folder)!;

    /// <summary>The model's own name: the folder's, and for an artifact also that of the folder around it.</summary>
    public string Name(ParseResult parsed)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder(parsed)));
        string name = Path.GetFileName(path);
        string? around = Path.GetFileName(Path.GetDirectoryName(path));
        return File.Exists(Path.Combine(path, "rocket.json")) && !string.IsNullOrEmpty(around) ? $"{around}-{name}" : name;
    }

    /// <summary>Loads the model.</summary>
    public RocketChatClient Load(ParseResult parsed, int parallelism, int kept)
    {
        string folder = Folder(parsed);
        int threads = parsed.GetValue(_threads);
        if (threads is < 0 or > MostThreads)
        {
            throw CommandLineErrors.BadValue("--threads", $"{threads}", $"a whole number from 1 to {MostThreads}");
        }

        return Directory.Exists(folder)
            ? RocketChatClient.Load(folder, new RocketChatOptions { ModelId = Name(parsed), Model = new RocketOptions { Threads = threads }, Parallelism = parallelism, KeptConversations = kept })
            : throw CommandLineErrors.NoFolder(folder);
    }
}
