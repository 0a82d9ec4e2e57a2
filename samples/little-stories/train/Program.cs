using LittleStories;
foreach (var s in StoryGrammar.TellMany(5, 4000)) Console.WriteLine(s + "\n<|endoftext|>");
var all = StoryGrammar.TellMany(9, 10000000);
Console.WriteLine(all.Count + " " + all.Sum(s => s.Length));
File.WriteAllText("/tmp/sample.txt", string.Join("\n\n", all));
