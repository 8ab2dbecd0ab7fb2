%% Reads cases, as cases.hpp describes them, and answers questions about them.
-module(otp_cases).
-export([read/1, words/1, node_of/1]).
-export([find_node/2, parent_of/2, is_simple/2, order/1]).
-export([class_of/1, reason_for/1]).

read(Text) ->
    read_cases(string:lexemes(Text, "\n")).

read_cases([]) ->
    [];
read_cases(["case " ++ Number | Lines]) ->
    {Items, ["end" | Rest]} =
        lists:splitwith(fun(Line) -> Line =/= "end" end, Lines),
    Tree = [node_of(words(Line)) || Line <- Items, is_node(Line)],
    Script = [Action || "do " ++ Action <- Items],
    Started = lists:append([started(words(Action)) || Action <- Script]),
    Case = #{number => Number, tree => Tree, script => Script,
             reports => lists:member("with reports", Items),
             nodes => lists:uniq(Tree ++ Started)},
    [Case | read_cases(Rest)].

words(Line) -> string:lexemes(Line, " ").

is_node(Line) ->
    not (lists:prefix("do ", Line) orelse lists:prefix("with ", Line)).

started(["start" | Words]) -> [node_of(Words)];
started(_) -> [].

node_of([Kind, Id, Parent, Restart, Weight | More]) ->
    #{kind => list_to_atom(Kind), id => Id, parent => Parent,
      restart => list_to_atom(Restart), significant => Weight =:= "significant",
      shutdown => shutdown(More), flags => flags(More)}.

shutdown(["brutal_kill"]) -> brutal_kill;
shutdown([Milliseconds]) -> list_to_integer(Milliseconds);
shutdown(_) -> infinity.

flags([Strategy, Intensity, Period, AutoShutdown]) ->
    #{strategy => list_to_atom(Strategy),
      intensity => list_to_integer(Intensity),
      period => list_to_integer(Period),
      auto_shutdown => list_to_atom(AutoShutdown)};
flags(_) ->
    none.

%% ---------------------------------------------------------------------------
%% Questions
%% ---------------------------------------------------------------------------

find_node(Id, #{nodes := Nodes}) ->
    hd([Node || #{id := I} = Node <- Nodes, I =:= Id]).

parent_of(Id, Case) -> maps:get(parent, find_node(Id, Case)).

is_simple(Id, Case) ->
    #{flags := Flags} = find_node(Id, Case),
    maps:get(strategy, Flags) =:= simple_one_for_one.

%% All ids in pre-order.
order(Case) -> order("-", Case).

order(Parent, #{nodes := Nodes} = Case) ->
    lists:append([[Id | order(Id, Case)]
                  || #{id := Id, parent := P, kind := Kind} <- Nodes,
                     P =:= Parent, Kind =/= template]).

%% ---------------------------------------------------------------------------
%% Exit classes
%% ---------------------------------------------------------------------------

class_of(normal) -> normal;
class_of(shutdown) -> shutdown;
class_of({shutdown, _}) -> shutdown;
class_of(killed) -> kill;
class_of(_) -> error.

reason_for(error) -> {error, of_its_own};
reason_for(Class) -> Class.
