using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Rocket.Tests;

/// <summary>A real nginx on loopback that takes and gives entries of a remote cache by its WebDAV module.</summary>
internal sealed class NginxServer : IDisposable
{
    private const string Binary = "/usr/sbin/nginx";

    private readonly TemporaryFolder _folder = new();
    private readonly string _settings;
    private Process? _process;

    /// <param name="settings">More lines of the server's configuration.</param>
    public NginxServer(string settings = "")
    {
        _settings = settings;
        Port = FreePort();
        Directory.CreateDirectory(Data);
        Start();
    }

    public int Port { get; }

    public Uri Address => new($"http://127.0.0.1:{Port}/team/rocket");

    /// <summary>The folder that it serves below the address.</summary>
    public string Data => _folder.At("data", "team", "rocket");

    /// <summary>What it was asked: a line a request, such as <c>GET /team/rocket/ac/... 200</c>.</summary>
    public string[] Requests => File.Exists(_folder.At("access.log")) ? File.ReadAllLines(_folder.At("access.log")) : [];

    public static string[] FilesOf(string folder) => Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)] : [];

    /// <summary>A port that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts it again on the same port, perhaps with other settings.</summary>
    public void Start(string? settings = null)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The server of these tests is Debian's nginx.");
        Assert.True(File.Exists(Binary), "nginx is missing: apt-get install nginx.");
        string user = Environment.UserName == "root" ? "user root;" : "";
        string temporary = string.Concat(new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }.Select(name => $"{name}_temp_path {_folder.At("temporary", name)};\n"));
        Directory.CreateDirectory(_folder.At("temporary"));
        _folder.Write("nginx.conf", $$"""
            daemon off;
            master_process off;
            {{user}}
            pid {{_folder.At("nginx.pid")}};
            error_log {{_folder.At("error.log")}};
            events { }
            http {
              log_format short '$request_method $uri $status';
              access_log {{_folder.At("access.log")}} short;
              {{temporary}}
              server {
                listen 127.0.0.1:{{Port}};
                root {{_folder.At("data")}};
                client_max_body_size 1g;
                create_full_put_path on;
                dav_methods PUT;
                {{settings ?? _settings}}
              }
            }
            """);
        _process = Process.Start(new ProcessStartInfo(Binary, ["-p", _folder.Path, "-c", _folder.At("nginx.conf"), "-e", _folder.At("error.log")]) { RedirectStandardError = true })!;
        var patience = Stopwatch.StartNew();
        while (!Listens())
        {
            Assert.False(_process.HasExited, $"nginx ended: {(_process.HasExited ? File.ReadAllText(_folder.At("error.log")) : "")}");
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(1), "nginx does not answer.");
            Thread.Sleep(20);
        }
    }

    public void Kill()
    {
        if (_process is { } process)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
            _process = null;
        }
    }

    public void Dispose()
    {
        Kill();
        _folder.Dispose();
    }

    private bool Listens()
    {
        using var client = new TcpClient();
        try
        {
            client.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
