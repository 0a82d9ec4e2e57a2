using Rocket.Pipeline.Caching.Remote;

namespace Rocket.Pipeline.Tests.Caching.Remote;

/// <summary>Two machines and a sound server.</summary>
public sealed class SharingTests
{
    private static readonly string[] Names = ["one", "two", "three"];

    [Fact]
    public void What_one_machine_computed_another_one_finds_and_verifies()
    {
        using var server = new NginxServer();
        using var a = new Machine(new RemoteOptions(server.Address));
        a.ObtainAll(Names);
        Assert.Equal((3, 3), (a.Computed, a.Remote.Traffic.Uploads));
        Assert.Equal(3, NginxServer.FilesOf(Path.Combine(server.Data, "ac")).Length);

        using var b = new Machine(new RemoteOptions(server.Address));
        b.ObtainAll(Names);
        RemoteTraffic traffic = b.Remote.Traffic;
        Assert.Equal((0, 3, 3, 0), (b.Computed, traffic.Actions, traffic.Downloads, traffic.Failures));
        Assert.InRange(traffic.Downloaded, 15_000, 20_000);
        Assert.Equal(0, traffic.Uploaded);

        // All outputs are here now: the server is not needed any more.
        server.Kill();
        b.Obtain("one");
        Assert.Equal((0, 6), (b.Computed, b.Store.List().Length));
        Assert.Empty(b.Lines);
    }

    [Fact]
    public void Outputs_are_not_fetched_before_they_are_asked_for()
    {
        using var server = new NginxServer();
        using var a = new Machine(new RemoteOptions(server.Address));
        a.ObtainAll(Names);
        using var b = new Machine(new RemoteOptions(server.Address));
        Assert.NotNull(b.Remote.TryGetAction(Machine.KeyOf("one")));
        Assert.DoesNotContain(server.Requests, request => request.StartsWith("GET /team/rocket/cas/", StringComparison.Ordinal));
    }

    [Fact]
    public void An_output_that_the_server_has_is_not_sent_again()
    {
        using var server = new NginxServer();
        using var a = new Machine(new RemoteOptions(server.Address));
        a.ObtainAll(["one"]);
        Directory.Delete(Path.Combine(server.Data, "ac"), recursive: true);
        using var b = new Machine(new RemoteOptions(server.Address));
        b.ObtainAll(["one"]);
        Assert.Equal(1, b.Computed);
        Assert.InRange(b.Remote.Traffic.Uploaded, 1, 1000);
    }

    [Fact]
    public void A_compressed_answer_is_read_and_counted_as_it_went_over_the_wire()
    {
        using var server = new NginxServer("gzip on; gzip_types *; gzip_min_length 1; gzip_http_version 1.0;");
        using var a = new Machine(new RemoteOptions(server.Address));
        a.ObtainAll(["one"], 1_000_000);
        using var b = new Machine(new RemoteOptions(server.Address));
        b.Obtain("one", 1_000_000);
        Assert.Equal(0, b.Computed);
        Assert.InRange(b.Remote.Traffic.Downloaded, 1, 20_000);
    }

    [Fact]
    public void A_reader_sends_nothing()
    {
        using var server = new NginxServer();
        using var reader = new Machine(new RemoteOptions(server.Address) { IsReadOnly = true });
        reader.ObtainAll(Names);
        Assert.Equal((3, 0L), (reader.Computed, reader.Remote.Traffic.Uploaded));
        Assert.DoesNotContain(server.Requests, request => request.StartsWith("PUT", StringComparison.Ordinal));
    }

    [Fact]
    public void A_bearer_token_opens_the_server_and_nothing_else_does()
    {
        using var server = new NginxServer("if ($http_authorization != \"Bearer sesame\") { return 401; }");
        using var a = new Machine(new RemoteOptions(server.Address) { Credentials = RemoteCredentials.Bearer("sesame") });
        a.ObtainAll(Names);
        Assert.Equal(3, a.Remote.Traffic.Uploads);

        using var stranger = new Machine(new RemoteOptions(server.Address) { Credentials = RemoteCredentials.Bearer("barley") });
        stranger.ObtainAll(Names);
        Assert.Equal(3, stranger.Computed);
        Assert.Contains("ROCKET_REMOTE_TOKEN", Assert.Single(stranger.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_and_password_open_the_server()
    {
        using var folder = new TemporaryFolder();
        string users = folder.Write("users", "ann:{PLAIN}open, sesame\n");
        using var server = new NginxServer($"auth_basic team; auth_basic_user_file {users};");
        using var a = new Machine(new RemoteOptions(server.Address) { Credentials = RemoteCredentials.Basic("ann", "open, sesame") });
        a.ObtainAll(Names);
        Assert.Equal(3, a.Remote.Traffic.Uploads);
    }

    [Fact]
    public void A_server_that_takes_nothing_is_told_of_once_and_still_read()
    {
        using var server = new NginxServer();
        using (var a = new Machine(new RemoteOptions(server.Address)))
        {
            a.ObtainAll(["one"]);
        }

        server.Kill();
        server.Start("location / { limit_except GET HEAD { deny all; } }");
        using var b = new Machine(new RemoteOptions(server.Address));
        b.ObtainAll(["two", "three", "four", "one"]);
        Assert.Equal(3, b.Computed);
        Assert.Contains("only read from", Assert.Single(b.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_that_is_too_large_for_the_server_stays_here_and_the_others_are_sent()
    {
        using var server = new NginxServer("location / { client_max_body_size 100k; }");
        using var a = new Machine(new RemoteOptions(server.Address));
        a.Obtain("large", 3_000_000);
        a.ObtainAll(["small"]);
        Assert.Equal((2, 1), (a.Computed, a.Remote.Traffic.Uploads));
        Assert.Contains("413", Assert.Single(a.Lines), StringComparison.Ordinal);
        Assert.InRange(a.Remote.Traffic.Uploaded, 1, 200_000);
    }
}
