using System.Text;
using CsCheck;
using Rocket.Pipeline.Corpora;

namespace Rocket.Pipeline.Tests.Corpora;

public sealed class CorpusReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_line_of_the_separator_separates_documents()
    {
        Document[] documents = Read("a.txt", "One.\n\nStill one. \n<|endoftext|>\n\n Two\n<|endoftext|>\r\n<|endoftext|>\n \nThree <|endoftext|> not a line\n");
        Assert.Equal(["One.\n\nStill one.", "Two", "Three <|endoftext|> not a line"], documents.Select(document => document.Text));
        Assert.Equal([1, 5, 9], documents.Select(document => document.Location.Line));
    }

    [Fact]
    public void A_file_without_separators_is_one_document_to_the_byte() =>
        Assert.Equal(" \n = Title = \n\n text \n \n", Assert.Single(Read("a.txt", " \n = Title = \n\n text \n \n")).Text);

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t\n")]
    [InlineData("<|endoftext|>\n\n<|endoftext|>")]
    public void White_space_alone_is_no_document(string text) => Assert.Empty(Read("a.txt", text));

    [Fact]
    public void A_byte_order_mark_is_not_text()
    {
        File.WriteAllText(_folder.At("a.txt"), "text", new UTF8Encoding(true));
        Assert.Equal("text", Assert.Single(CorpusReader.Read(_folder.At("a.txt"))).Text);
    }

    [Fact]
    public void A_line_of_jsonl_is_a_document()
    {
        Document[] documents = Read("a.JSONL", "{\"id\": \"owt-0\", \"text\": \" é \\n\\ud83d\\ude00\"}\r\n\n{\"text\": \"\"}\n{\"text\":\"last\"}");
        Assert.Equal([" é \n😀", "last"], documents.Select(document => document.Text));
        Assert.Equal([1, 4], documents.Select(document => document.Location.Line));
    }

    [Fact]
    public void A_document_may_be_token_ids()
    {
        Document[] documents = Read("a.jsonl", "{\"ids\": [1, 2, 2147483647]}\n{\"ids\": []}\n{\"ids\": [0]}\n");
        Assert.Equal([[1, 2, int.MaxValue], [0]], documents.Select(document => document.Ids));
    }

    [Fact]
    public void Lines_longer_than_the_buffer_are_whole()
    {
        string first = new('x', 200_000);
        string second = new('y', 70_000);
        Assert.Equal([first, second], Read("a.jsonl", $"{{\"text\":\"{first}\"}}\n{{\"text\":\"{second}\"}}\n").Select(document => document.Text));
    }

    [Fact]
    public void Lines_together_are_the_file() =>
        Gen.Frequency((3, Gen.Const("\n")), (1, Gen.Const("é\r")), (2, Gen.Int[0, 70_000].Select(length => new string('a', length)))).Array[0, 12].Sample(
            parts =>
            {
                string text = string.Concat(parts);
                string path = _folder.Write($"{Guid.NewGuid():N}.txt", text);
                string[] lines = [.. Utf8Lines.Read(path)];
                return string.Concat(lines) == text && lines.All(line => line.Length > 0 && line.IndexOf('\n') is var at && (at < 0 || at == line.Length - 1));
            },
            iter: 100);

    private Document[] Read(string name, string text) => [.. CorpusReader.Read(_folder.Write(name, text))];
}
