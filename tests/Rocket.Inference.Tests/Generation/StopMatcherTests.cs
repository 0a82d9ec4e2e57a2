using System.Text;
using CsCheck;
using Rocket.Inference.Generation;

namespace Rocket.Inference.Tests.Generation;

public sealed class StopMatcherTests
{
    [Fact]
    public void The_pieces_make_the_text_before_the_first_stop_string()
    {
        Gen<string> text = Gen.Char["ab\n"].Array[0, 30].Select(characters => new string(characters));
        Gen<string> stop = Gen.Char["ab\n"].Array[1, 4].Select(characters => new string(characters));
        Gen.Select(text, stop.Array[0, 3], Gen.Int[1, 5]).Sample((whole, stops, size) =>
        {
            var matcher = new StopMatcher(stops);
            var shown = new StringBuilder();
            foreach (char[] piece in whole.Chunk(size))
            {
                shown.Append(matcher.Append(new string(piece)));
            }

            shown.Append(matcher.IsStopped ? "" : matcher.Flush());
            int end = stops.Select(candidate => whole.IndexOf(candidate, StringComparison.Ordinal)).Where(place => place >= 0).DefaultIfEmpty(-1).Min();

            // Two stop strings that overlap: the one that is complete first ends the text.
            return end < 0 ? shown.ToString() == whole && !matcher.IsStopped : matcher.IsStopped && whole.StartsWith(shown.ToString(), StringComparison.Ordinal) && shown.Length >= end && (stops.Length > 1 || shown.Length == end);
        });
    }

    [Fact]
    public void Nothing_is_held_back_without_stop_strings() => Assert.Equal("abc", new StopMatcher([]).Append("abc"));
}
