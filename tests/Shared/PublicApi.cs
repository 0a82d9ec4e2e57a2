using System.Reflection;
using PublicApiGenerator;

namespace Rocket.Tests;

/// <summary>Compares the public API of a library with the one in the repository, so that no change of it goes unseen.</summary>
internal static class PublicApi
{
    private static readonly ApiGeneratorOptions Options = new() { IncludeAssemblyAttributes = false };

    /// <summary>Fails where the API differs from <c>tests/LIBRARY.Tests/PublicApi/LIBRARY.txt</c>; with <c>ROCKET_ACCEPT_API=1</c> it writes that file instead.</summary>
    /// <exception cref="InvalidOperationException">It differs; the message says how to accept it.</exception>
    public static void Verify(Assembly library)
    {
        string name = library.GetName().Name!;
        string snapshot = Path.Combine(SharedData.Repository(), "tests", name + ".Tests", "PublicApi", name + ".txt");
        string found = library.GeneratePublicApi(Options).ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        if (Environment.GetEnvironmentVariable("ROCKET_ACCEPT_API") == "1")
        {
            File.WriteAllText(snapshot, found);
            return;
        }

        string expected = File.Exists(snapshot) ? File.ReadAllText(snapshot).ReplaceLineEndings("\n") : "";
        if (found == expected)
        {
            return;
        }

        string received = Path.Combine(AppContext.BaseDirectory, name + ".received.txt");
        File.WriteAllText(received, found);
        throw new InvalidOperationException(
            $"The public API of {name} has changed:\n{Difference(expected, found)}"
            + $"It is in '{received}'. Accept it with ROCKET_ACCEPT_API=1 dotnet test --project tests/{name}.Tests, and commit '{name}.txt'.");
    }

    // The lines that are in one of the two only.
    private static string Difference(string expected, string found)
    {
        string[] old = expected.Split('\n');
        string[] now = found.Split('\n');
        return string.Concat(old.Except(now).Select(line => $"- {line.Trim()}\n").Concat(now.Except(old).Select(line => $"+ {line.Trim()}\n")));
    }
}
