using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rocket.Pipeline.Tests.Native;

/// <summary>A NuGet feed over HTTP that holds one package and asks for a name and a password.</summary>
internal sealed class PackageServer : IDisposable
{
    public const string User = "reader";
    public const string Password = "pass word";

    private static readonly string Expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"));

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _package;
    private int _refused;
    private int _cuts;

    /// <param name="package">The package's file.</param>
    /// <param name="cuts">How often the connection is cut in the middle of the package.</param>
    public PackageServer(string package, int cuts = 0)
    {
        (_package, _cuts) = (File.ReadAllBytes(package), cuts);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Address of the feed's index.</summary>
    public string Address => $"{Root}/v3/index.json";

    /// <summary>Requests that had no right name and password.</summary>
    public int Refused => _refused;

    private string Root => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                _ = Task.Run(() => ServeAsync(client));
            }
        }
        catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            NetworkStream stream = client.GetStream();
            if (await HubRequest.ReadAsync(stream, isStore: false) is not { } request)
            {
                return;
            }

            (int status, byte[] content) = request.Authorization == Expected ? Answer(request.Path) : (401, []);
            if (status == 401)
            {
                Interlocked.Increment(ref _refused);
            }

            string head = $"HTTP/1.1 {status} Status\r\nConnection: close\r\nContent-Length: {content.Length}\r\n{(status == 401 ? "WWW-Authenticate: Basic realm=\"feed\"\r\n" : "")}\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
            bool isCut = request.Path.EndsWith(".nupkg", StringComparison.Ordinal) && status == 200 && Interlocked.Decrement(ref _cuts) >= 0;
            await stream.WriteAsync(isCut ? content.AsMemory(0, content.Length / 2) : content);
        }
    }

    private (int Status, byte[] Content) Answer(string path) => path switch
    {
        "/v3/index.json" => (200, Encoding.UTF8.GetBytes($$"""{"version":"3.0.0","resources":[{"@id":"{{Root}}/flat/","@type":"PackageBaseAddress/3.0.0"}]}""")),
        $"/flat/{PackageFeed.Id}/index.json" => (200, Encoding.UTF8.GetBytes($$"""{"versions":["{{PackageFeed.Version}}"]}""")),
        $"/flat/{PackageFeed.Id}/{PackageFeed.Version}/{PackageFeed.Id}.{PackageFeed.Version}.nupkg" => (200, _package),
        _ => (404, []),
    };
}
