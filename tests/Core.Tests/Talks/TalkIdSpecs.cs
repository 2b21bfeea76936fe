using CsCheck;
using WanTalk.Core.Talks;

namespace WanTalk.Core.Tests.Talks;

public class TalkIdSpecs
{
    private static readonly byte[] Secret = "sixteen bytes or more"u8.ToArray();

    [Fact]
    public void Ids_of_messages_are_valid_repeat_and_hang_on_secret_queue_and_message() =>
        Gen.Select(Gen.String, Gen.String, Gen.Byte.Array[16, 40]).Sample((queue, message, secret) =>
        {
            var id = TalkId.OfMessage(secret, queue, message);
            Assert.True(TalkId.IsValid(id), id);
            Assert.Equal(id, TalkId.OfMessage(secret, queue, message));
            Assert.NotEqual(id, TalkId.OfMessage(secret, queue, message + "x"));
            Assert.NotEqual(id, TalkId.OfMessage(secret, queue + "x", message));
            Assert.NotEqual(id, TalkId.OfMessage([.. secret, 1], queue, message));
        });

    [Fact]
    public void What_stands_between_queue_and_message_is_no_matter_of_luck() =>
        Assert.NotEqual(TalkId.OfMessage(Secret, "ab", "c"), TalkId.OfMessage(Secret, "a", "bc"));

    [Fact]
    public void Every_character_of_an_id_takes_every_value()
    {
        var ids = Enumerable.Range(0, 2_000).Select(i => TalkId.OfMessage(Secret, "talks", $"{i}")).ToList();
        Assert.All(Enumerable.Range(0, 26), at => Assert.Equal(32, ids.Select(id => id[at]).Distinct().Count()));
    }
}
