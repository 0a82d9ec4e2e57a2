using Rocket.Compression.Evaluation;
using Rocket.Models.Scoring;

namespace Rocket.Compression.Tests.Evaluation;

/// <summary>Against a model whose probabilities are written down: letters, the later in the alphabet the less probable.</summary>
public sealed class TaskEvaluatorTests
{
    [Fact]
    public void The_most_probable_choice_is_the_answer_and_length_counts_for_the_normalised_one()
    {
        // " b" costs 1 + 2, " aaa" 1 + 3: by sum the first, by length the second.
        var item = new TaskItem(TaskKind.MultipleChoice, [new("x", " b"), new("x", " aaa")], Gold: 1);
        TaskAnswers answers = Answer(item);
        Assert.Equal([false], answers.Right);
        Assert.Equal([true], answers.RightNormalized);
    }

    [Fact]
    public void Of_equal_choices_the_first_is_the_answer()
        => Assert.Equal([true], Answer(new TaskItem(TaskKind.MultipleChoice, [new("x", " b"), new("x", " b")], Gold: 0)).Right);

    [Fact]
    public void A_partial_context_is_chosen_by_its_target_alone()
    {
        // The contexts' own tokens would decide otherwise; only what follows the context's last tokens counts here: a tie, so the first.
        var item = new TaskItem(TaskKind.PartialContext, [new("zzz", " a"), new("a", " a")], Gold: 0);
        Assert.Equal([true], Answer(item).Right);
    }

    [Fact]
    public void A_last_word_is_right_where_every_token_is_the_most_probable()
    {
        Assert.Equal([true], Answer(new TaskItem(TaskKind.LastWord, [new("xy", "   ")], 0)).Right);
        Assert.Equal([false], Answer(new TaskItem(TaskKind.LastWord, [new("xy", "  a")], 0)).Right);
    }

    [Fact]
    public void Spaces_at_the_end_of_a_context_count_to_the_continuation()
    {
        (int[] ids, int continuation) = new TaskRequest("ab  ", "c").Encode(Letters);
        Assert.Equal(Letters("ab  c"), ids);
        Assert.Equal(3, continuation);
    }

    [Fact]
    public void Parts_of_a_task_join_to_the_whole()
    {
        TaskItem[] items = [.. Enumerable.Range(0, 7).Select(i => new TaskItem(TaskKind.MultipleChoice, [new("x", " b"), new("x", " aaa")], Gold: i % 2))];
        using var model = new Alphabet();
        TaskAnswers whole = TaskEvaluator.Answer(model, items, Letters, cancellationToken: TestContext.Current.CancellationToken);
        TaskAnswers joined = TaskAnswers.Join([.. items.Chunk(3).Select(part => TaskEvaluator.Answer(model, part, Letters, cancellationToken: TestContext.Current.CancellationToken))]);
        Assert.Equal(whole.Right, joined.Right);
        Assert.Equal(whole.RightNormalized, joined.RightNormalized);
        Assert.Equal(new Accuracy(4, 7), joined.Accuracy);
    }

    private static TaskAnswers Answer(TaskItem item)
    {
        using var model = new Alphabet();
        return TaskEvaluator.Answer(model, [item], Letters);
    }

    private static int[] Letters(string text) => [.. text.Select(letter => letter == ' ' ? 0 : letter - 'a' + 1)];

    /// <summary>Letter n of the alphabet costs n nats, a space 1; a space is the most probable.</summary>
    private sealed class Alphabet : ITokenScorer
    {
        public int VocabularySize => 27;

        public IReadOnlyList<TokenScore[]> Score(IReadOnlyList<int[]> sequences, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
            => [.. sequences.Select(ids => ids.Skip(1).Select(id => new TokenScore(-Math.Max(id, 1), id == 0)).ToArray())];

        public void Dispose()
        {
        }
    }
}
