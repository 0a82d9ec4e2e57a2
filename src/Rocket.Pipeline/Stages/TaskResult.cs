using Rocket.Compression.Evaluation;

namespace Rocket.Pipeline.Stages;

/// <summary>Answers to one task.</summary>
/// <param name="Task">Name of the task's file, relative to the manifest.</param>
/// <param name="HasChoices">Whether answers are chosen by log-likelihood among continuations, so that length matters.</param>
/// <param name="Answers">Which items were right.</param>
public sealed record TaskResult(string Task, bool HasChoices, TaskAnswers Answers);
