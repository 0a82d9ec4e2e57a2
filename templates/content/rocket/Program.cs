using System.Text.Json;

// `dotnet build` has made the models of rocket.yaml; this tells what they are.
string models = Path.Combine(AppContext.BaseDirectory, "models");
foreach (string file in Directory.GetFiles(models, "rocket.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
{
    using JsonDocument made = JsonDocument.Parse(File.ReadAllBytes(file));
    long before = made.RootElement.GetProperty("source").GetProperty("bytes").GetInt64();
    long after = made.RootElement.GetProperty("bytes").GetInt64();
    Console.WriteLine($"{Path.GetRelativePath(models, Path.GetDirectoryName(file)!)}: {before:#,0} bytes of weights became {after:#,0}");
}
