using System.Text;

namespace Rocket.Pipeline.Artifacts;

/// <summary>The Python file that lets <c>AutoModelForCausalLM.from_pretrained(folder, trust_remote_code=True)</c> load an artifact.</summary>
internal static class PythonModel
{
    /// <summary>Name of the file in an artifact.</summary>
    public const string FileName = "modeling_rocket.py";

    /// <summary>What config.json's <c>auto_map</c> says: the class that loads the model.</summary>
    public const string ClassReference = "modeling_rocket.RocketForCausalLM";

    /// <summary>The file's bytes, with the same line ends everywhere.</summary>
    public static byte[] Create()
    {
        using Stream resource = typeof(PythonModel).Assembly.GetManifestResourceStream(FileName)!;
        using var reader = new StreamReader(resource, Encoding.UTF8);
        return Encoding.UTF8.GetBytes(reader.ReadToEnd().ReplaceLineEndings("\n"));
    }
}
