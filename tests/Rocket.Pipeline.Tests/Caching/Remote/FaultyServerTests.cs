using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Rocket.Pipeline.Caching.Remote;

namespace Rocket.Pipeline.Tests.Caching.Remote;

/// <summary>Servers that are down, slow or lying: the build ends right, and soon.</summary>
public sealed class FaultyServerTests
{
    private static readonly string[] Names = [.. Enumerable.Range(0, 12).Select(i => $"action {i}")];

    [Fact]
    public void A_server_that_is_not_there_costs_seconds_and_one_line()
    {
        TimeSpan time = BuildAlone(new Uri($"http://127.0.0.1:{NginxServer.FreePort()}/"), out string[] lines);
        Assert.InRange(time, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.Single(lines, line => line.Contains("not used any more", StringComparison.Ordinal));
    }

    [Fact]
    public void A_server_that_answers_500_is_given_up()
    {
        using var server = new NginxServer("location / { return 500; }");
        TimeSpan time = BuildAlone(server.Address, out string[] lines);
        Assert.InRange(time, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.Contains("500", Assert.Single(lines, line => line.Contains("not used any more", StringComparison.Ordinal)), StringComparison.Ordinal);

        // Three requests, three tries each, and whatever a sender had begun.
        Assert.InRange(server.Requests.Length, 9, 24);
    }

    [Fact]
    public async Task A_server_that_comes_back_is_asked_again()
    {
        using var server = new NginxServer();
        using (var a = new Machine(new RemoteOptions(server.Address)))
        {
            a.ObtainAll(["one"]);
        }

        server.Kill();
        using var b = new Machine(new RemoteOptions(server.Address));
        Task<byte[]> obtained = Task.Run(() => b.Obtain("one"), TestContext.Current.CancellationToken);
        server.Start();
        await obtained;
        Assert.InRange(b.Computed, 0, 1);
    }

    [Fact]
    public void A_server_that_hangs_costs_its_patience_and_one_more_timeout()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var options = new RemoteOptions(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"))
        {
            Timeout = TimeSpan.FromSeconds(0.5),
            Patience = TimeSpan.FromSeconds(1.5),
        };
        TimeSpan time = BuildAlone(options, out string[] lines);
        Assert.InRange(time, options.Timeout, options.Patience + options.Timeout + TimeSpan.FromSeconds(8));
        Assert.Contains("within 0.5 s", Assert.Single(lines, line => line.Contains("not used any more", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_crawls_is_like_one_that_hangs()
    {
        using var server = new NginxServer();
        using (var a = new Machine(new RemoteOptions(server.Address)))
        {
            a.ObtainAll(["large"], 2_000_000);
        }

        server.Kill();
        server.Start("limit_rate 20k;");
        using var b = new Machine(new RemoteOptions(server.Address) { Timeout = TimeSpan.FromSeconds(0.5), Patience = TimeSpan.FromSeconds(1) });
        var watch = Stopwatch.StartNew();
        b.ObtainAll(["large"], 2_000_000);
        Assert.Equal(1, b.Computed);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public void A_server_that_is_killed_half_way_leaves_a_right_build()
    {
        using var server = new NginxServer();
        using (var a = new Machine(new RemoteOptions(server.Address)))
        {
            a.ObtainAll(Names);
        }

        using var b = new Machine(new RemoteOptions(server.Address));
        foreach (string name in Names[..6])
        {
            b.Obtain(name);
        }

        Assert.Equal(0, b.Computed);
        server.Kill();
        b.ObtainAll(Names[6..]);
        Assert.Equal(6, b.Computed);
    }

    [Theory]
    [InlineData("cas", "flipped")]
    [InlineData("cas", "truncated")]
    [InlineData("cas", "longer")]
    [InlineData("cas", "swapped")]
    [InlineData("ac", "flipped")]
    [InlineData("ac", "truncated")]
    [InlineData("ac", "longer")]
    [InlineData("ac", "swapped")]
    public void Wrong_bytes_are_found_told_and_computed_anew(string kind, string damage)
    {
        using var server = new NginxServer();
        using (var a = new Machine(new RemoteOptions(server.Address)))
        {
            a.ObtainAll(Names[..3]);
        }

        Damage(NginxServer.FilesOf(Path.Combine(server.Data, kind)), damage);
        using var b = new Machine(new RemoteOptions(server.Address) { IsReadOnly = true });
        b.ObtainAll(Names[..3]);
        Assert.Equal((3, 3), (b.Computed, b.Remote.Traffic.Failures));
        Assert.Equal(3, b.Lines.Count(line => line.Contains("holds a bad", StringComparison.Ordinal)));
        Assert.Single(b.Lines, line => line.Contains("not used any more", StringComparison.Ordinal));
        Assert.Empty(b.Store.Verify(null, TestContext.Current.CancellationToken).Bad);
    }

    [Fact]
    public void An_action_whose_output_the_server_lost_is_computed_and_sent_again()
    {
        using var server = new NginxServer();
        using (var a = new Machine(new RemoteOptions(server.Address)))
        {
            a.ObtainAll(Names);
        }

        string lost = NginxServer.FilesOf(Path.Combine(server.Data, "cas"))[0];
        File.Delete(lost);
        using var b = new Machine(new RemoteOptions(server.Address));
        b.ObtainAll(Names);
        Assert.Equal((1, 1), (b.Computed, b.Remote.Traffic.Uploads));
        Assert.True(File.Exists(lost));
    }

    private static TimeSpan BuildAlone(Uri address, out string[] lines) => BuildAlone(new RemoteOptions(address), out lines);

    private static TimeSpan BuildAlone(RemoteOptions options, out string[] lines)
    {
        using var machine = new Machine(options);
        var watch = Stopwatch.StartNew();
        machine.ObtainAll(Names);
        Assert.Equal(Names.Length, machine.Computed);
        lines = [.. machine.Lines];
        return watch.Elapsed;
    }

    private static void Damage(string[] files, string damage)
    {
        byte[][] contents = [.. files.Select(File.ReadAllBytes)];
        for (int i = 0; i < files.Length; i++)
        {
            byte[] bytes = contents[i];
            switch (damage)
            {
                case "flipped":
                    bytes[bytes.Length / 2] ^= 1;
                    break;
                case "truncated":
                    bytes = bytes[..^7];
                    break;
                case "longer":
                    bytes = [.. bytes, 0x12, 0x01, 0x00];
                    break;
                default:
                    bytes = contents[(i + 1) % files.Length];
                    break;
            }

            File.WriteAllBytes(files[i], bytes);
        }
    }
}
