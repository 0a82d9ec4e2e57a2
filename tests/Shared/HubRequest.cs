using System.Globalization;
using System.Text;

namespace Rocket.Tests;

/// <summary>A request that a test's hub received.</summary>
internal sealed record HubRequest(string Method, string Path, bool IsStore, string? Authorization, long? RangeStart)
{
    private const int LongestHead = 1 << 16;

    /// <summary>Bytes of content that it was answered with.</summary>
    public long Sent { get; set; }

    /// <summary>Reads a request's head; null where the connection ends before it.</summary>
    public static async Task<HubRequest?> ReadAsync(Stream stream, bool isStore)
    {
        var head = new List<byte>();
        byte[] one = new byte[1];
        while (head.Count < LongestHead && await stream.ReadAsync(one) == 1)
        {
            head.Add(one[0]);
            if (head.Count >= 4 && head[^1] == '\n' && head[^3] == '\n')
            {
                string[] lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
                string[] first = lines[0].Split(' ');
                Dictionary<string, string> headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
                string? range = headers.GetValueOrDefault("Range");
                return new HubRequest(
                    first[0],
                    Uri.UnescapeDataString(first[1]),
                    isStore,
                    headers.GetValueOrDefault("Authorization"),
                    range is null ? null : long.Parse(range["bytes=".Length..range.IndexOf('-', StringComparison.Ordinal)], CultureInfo.InvariantCulture));
            }
        }

        return null;
    }
}
